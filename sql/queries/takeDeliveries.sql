-- Takes what a channel has to send now, and says when to take it again if nothing is heard of it. Of one alert the next is
-- taken when the one before has ended: OFFSET 0 makes that an index probe for each, however few PostgreSQL expects.
-- $1 channel, $2 how many, $3 for how many seconds
WITH due AS (
  SELECT notification_id FROM alert_deliveries AS delivery
  WHERE channel = $1 AND state = 'waiting' AND next_attempt_at <= now()
    AND NOT EXISTS (
      SELECT FROM alert_deliveries AS earlier
      WHERE earlier.alert_id = delivery.alert_id AND earlier.channel = $1 AND earlier.state = 'waiting'
        AND earlier.notification_id < delivery.notification_id
      OFFSET 0
    )
    AND NOT EXISTS (
      SELECT FROM alert_notifications AS earlier
      WHERE earlier.alert_id = delivery.alert_id AND earlier.state = 'new' AND earlier.id < delivery.notification_id
      OFFSET 0
    )
  ORDER BY next_attempt_at, notification_id
  LIMIT $2
  FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE alert_deliveries AS delivery
  SET attempts = attempts + 1, next_attempt_at = now() + $3 * interval '1 second'
  FROM due
  WHERE delivery.notification_id = due.notification_id AND delivery.channel = $1
  RETURNING delivery.notification_id, attempts
)
SELECT notification.id, attempts, alert_id, notification.model_id, schedule.name, rule, kind, severity, at, facts
FROM taken
JOIN alert_notifications AS notification ON notification.id = taken.notification_id
LEFT JOIN metrics_executions AS schedule ON schedule.model_id = notification.model_id
ORDER BY notification.id;
