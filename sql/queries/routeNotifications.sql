-- Makes deliveries of new notifications, one for each channel that wants their severity; those that are held wait.
-- An element for each channel: $1 name, $2 the severity below which it wants none; $3 how many notifications
-- Returns those that were taken.
WITH taken AS (
  UPDATE alert_notifications SET state = 'routed'
  WHERE id IN (
    SELECT id FROM alert_notifications
    WHERE state = 'new' AND (held_until IS NULL OR held_until <= now())
    ORDER BY id
    LIMIT $3
    FOR UPDATE SKIP LOCKED
  )
  RETURNING id, alert_id, severity
), made AS (
  INSERT INTO alert_deliveries (notification_id, channel, alert_id)
  SELECT id, channel.name, alert_id
  FROM taken JOIN unnest($1::text[], $2::text[]) AS channel (name, min_severity)
    ON channel.min_severity = 'warning' OR taken.severity = 'critical'
)
SELECT id FROM taken;
