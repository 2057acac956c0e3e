-- Makes a model's schedule or replaces its settings. The row stays locked until commit, so that requests for one
-- model take turns.
-- $1 model_id, $2 cron_expression, $3 timezone, $4 enabled, $5 flexible_window_minutes
-- Returns the schedule and whether it is new, or no row if it had these settings already.
INSERT INTO metrics_executions AS stored (model_id, cron_expression, timezone, enabled, flexible_window_minutes)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (model_id) DO UPDATE SET
  cron_expression = excluded.cron_expression,
  timezone = excluded.timezone,
  enabled = excluded.enabled,
  flexible_window_minutes = excluded.flexible_window_minutes,
  updated_at = clock_timestamp()
WHERE (stored.cron_expression, stored.timezone, stored.enabled, stored.flexible_window_minutes)
  <> (excluded.cron_expression, excluded.timezone, excluded.enabled, excluded.flexible_window_minutes)
RETURNING model_id, cron_expression, timezone, enabled, flexible_window_minutes, created_at, updated_at,
  created_at = updated_at AS created;
