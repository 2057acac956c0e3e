-- Notes how an attempt to deliver ended: sent; or to be tried again after ten seconds, and each time three times as long, up
-- to a day; or, after the last attempt, dead.
-- $1 id of the notification, $2 channel, $3 what was wrong, or null, $4 how many attempts there are
UPDATE alert_deliveries SET
  error = $3,
  state = CASE WHEN $3::text IS NULL THEN 'sent' WHEN attempts >= $4 THEN 'dead' ELSE 'waiting' END,
  ended_at = CASE WHEN $3::text IS NULL OR attempts >= $4 THEN clock_timestamp() END,
  next_attempt_at = now() + least(86400, 10 * power(3, attempts - 1)) * interval '1 second'
WHERE notification_id = $1 AND channel = $2 AND state = 'waiting';
