-- One model's schedule.
-- $1 model_id
SELECT model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up, task, metrics,
  pos_label, labels, data, min_samples, min_coverage, segments, revise_for, name, description, tags,
  max_data_age_minutes, reference, created_at, updated_at
FROM metrics_executions
WHERE model_id = $1;
