-- Deletes a batch of old notifications that are not on their way.
-- $1 how many days are kept, $2 how many are deleted at most
-- Returns a row for each that is gone.
DELETE FROM alert_notifications
WHERE id IN (
  SELECT id FROM alert_notifications AS old
  WHERE at < now() - $1 * interval '1 day' AND state <> 'new'
    AND NOT EXISTS (SELECT FROM alert_deliveries WHERE notification_id = old.id AND state = 'waiting')
  ORDER BY id
  LIMIT $2
  FOR UPDATE SKIP LOCKED
)
RETURNING id;
