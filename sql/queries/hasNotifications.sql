-- Whether there is something new to tell.
-- Returns one row if there is.
SELECT 1 FROM alert_notifications WHERE state = 'new' AND (held_until IS NULL OR held_until <= now()) LIMIT 1;
