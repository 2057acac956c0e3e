-- Whether there is something to tell now.
-- Returns one row if there is.
SELECT 1
WHERE EXISTS (SELECT FROM alert_notifications WHERE state = 'new' AND (held_until IS NULL OR held_until <= now()))
  OR EXISTS (SELECT FROM alert_deliveries WHERE state = 'waiting' AND next_attempt_at <= now());
