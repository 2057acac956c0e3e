-- Every schedule with the newest run of its model and the accuracy of the run before: two probes of the primary key of
-- runs for each.
-- $1 what the model_id has to contain, lower case, or null for all
SELECT schedule.model_id, schedule.cron_expression, schedule.timezone, schedule.enabled,
  schedule.flexible_window_minutes, schedule.created_at, schedule.updated_at,
  newest.scheduled_time AS newest_run, newest.status AS newest_status, newest.accuracy,
  newest.accuracy - before.accuracy AS change
FROM metrics_executions AS schedule
LEFT JOIN LATERAL (
  SELECT scheduled_time, status, accuracy
  FROM runs
  WHERE model_id = schedule.model_id
  ORDER BY scheduled_time DESC
  LIMIT 1
) AS newest ON true
LEFT JOIN LATERAL (
  SELECT accuracy
  FROM runs
  WHERE model_id = schedule.model_id AND scheduled_time < newest.scheduled_time
  ORDER BY scheduled_time DESC
  LIMIT 1
) AS before ON true
WHERE $1::text IS NULL OR position($1 IN schedule.model_id::text) > 0;
