-- Makes a model's schedule or replaces its settings. A trigger makes its state; planModel.sql says when it is due.
-- $1 model_id, $2 cron_expression, $3 timezone, $4 enabled, $5 flexible_window_minutes, $6 catch_up
-- Returns the schedule.
INSERT INTO metrics_executions (model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (model_id) DO UPDATE SET
  cron_expression = excluded.cron_expression,
  timezone = excluded.timezone,
  enabled = excluded.enabled,
  flexible_window_minutes = excluded.flexible_window_minutes,
  catch_up = excluded.catch_up,
  updated_at = clock_timestamp()
RETURNING model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up, created_at, updated_at;
