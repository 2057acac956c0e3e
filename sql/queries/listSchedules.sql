-- A page of schedules in the order of model_id, which no insert or delete disturbs.
-- $1 the last model_id of the page before, or null for the first page; $2 how many
SELECT model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up, task, metrics,
  pos_label, labels, data, min_samples, min_coverage, segments, revise_for, name, description, tags,
  max_data_age_minutes, reference, created_at, updated_at
FROM metrics_executions
WHERE $1::uuid IS NULL OR model_id > $1
ORDER BY model_id
LIMIT $2;
