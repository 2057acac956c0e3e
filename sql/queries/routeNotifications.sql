-- Makes deliveries of new notifications, one for each channel that wants their severity; those that a snooze or maintenance
-- holds wait, also one that began, or went on, since they were written.
-- An element for each channel: $1 name, $2 the severity below which it wants none; $3 how many notifications
-- Returns those that were taken.
WITH due AS (
  SELECT notification.id, quiet_until(alerts) AS held_until
  FROM (
    SELECT id, alert_id FROM alert_notifications
    WHERE state = 'new' AND (held_until IS NULL OR held_until <= now())
    ORDER BY id
    LIMIT $3
    FOR UPDATE SKIP LOCKED
  ) AS notification
  LEFT JOIN alerts ON alerts.id = notification.alert_id
), looked AS (
  UPDATE alert_notifications AS notification
  SET held_until = due.held_until, state = CASE WHEN due.held_until IS NULL THEN 'routed' ELSE 'new' END
  FROM due
  WHERE notification.id = due.id
  RETURNING notification.id, alert_id, transition, kind, severity, state
), taken AS (
  SELECT * FROM looked WHERE state = 'routed'
), made AS (
  INSERT INTO alert_deliveries (notification_id, channel, alert_id)
  SELECT id, channel.name, alert_id
  FROM taken
  JOIN unnest($1::text[], $2::text[]) AS channel (name, min_severity)
    ON channel.min_severity = 'warning' OR 'critical' = CASE WHEN taken.kind = 'firing' THEN taken.severity ELSE (
      -- Whoever was told of it is told that it is over, though its severity is another now.
      SELECT began.severity FROM alert_notifications AS began
      WHERE began.alert_id = taken.alert_id AND began.transition = taken.transition - 1
    ) END
)
SELECT id FROM looked;
