-- Makes a model's schedule or replaces its settings. A trigger makes its state; planModel.sql says when it is due.
-- $1 model_id, $2 cron_expression, $3 timezone, $4 enabled, $5 flexible_window_minutes, $6 catch_up, $7 task, and as JSON
-- $8 metrics, $9 pos_label, or null, $10 labels, or null, $11 data; $12 min_samples, $13 min_coverage, $14 segments,
-- $15 revise_for; $16 name, or null, $17 description, or null, $18 tags; $19 max_data_age_minutes, or null. A reference
-- goes with another task: its metrics are others.
-- Returns the schedule.
INSERT INTO metrics_executions AS stored (model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up,
  task, metrics, pos_label, labels, data, min_samples, min_coverage, segments, revise_for, name, description, tags,
  max_data_age_minutes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (model_id) DO UPDATE SET
  cron_expression = excluded.cron_expression,
  timezone = excluded.timezone,
  enabled = excluded.enabled,
  flexible_window_minutes = excluded.flexible_window_minutes,
  catch_up = excluded.catch_up,
  task = excluded.task,
  metrics = excluded.metrics,
  pos_label = excluded.pos_label,
  labels = excluded.labels,
  data = excluded.data,
  min_samples = excluded.min_samples,
  min_coverage = excluded.min_coverage,
  segments = excluded.segments,
  revise_for = excluded.revise_for,
  name = excluded.name,
  description = excluded.description,
  tags = excluded.tags,
  max_data_age_minutes = excluded.max_data_age_minutes,
  reference = CASE WHEN stored.task = excluded.task THEN stored.reference END,
  updated_at = clock_timestamp()
RETURNING model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up, task, metrics,
  pos_label, labels, data, min_samples, min_coverage, segments, revise_for, name, description, tags,
  max_data_age_minutes, reference, created_at, updated_at;
