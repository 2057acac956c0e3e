-- Makes a run the one that others are compared with. Its numbers are copied: pruning the run does not change them.
-- $1 model_id, $2 its scheduled_time, or null for the newest run that looked at data
-- Returns the schedule, or no row if there is no such run or no schedule.
UPDATE metrics_executions AS schedule
SET reference = jsonb_build_object(
  'scheduled_time', to_char(run.scheduled_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'metrics', coalesce(run.details -> 'metrics', jsonb_build_object('accuracy', run.accuracy)),
  'intervals', coalesce(run.details -> 'intervals', '{}')
)
FROM (
  SELECT * FROM runs
  WHERE model_id = $1 AND status = 'ok' AND ($2::timestamptz IS NULL OR scheduled_time = $2)
  ORDER BY scheduled_time DESC
  LIMIT 1
) AS run
WHERE schedule.model_id = $1
RETURNING schedule.model_id, cron_expression, timezone, enabled, flexible_window_minutes, catch_up, task, metrics,
  pos_label, labels, data, min_samples, min_coverage, segments, revise_for, name, description, tags,
  max_data_age_minutes, reference, created_at, updated_at;
