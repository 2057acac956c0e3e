-- A page of schedules in the order of model_id, each with the due time of its newest run.
-- $1 the last model_id of the page before, or null for the first page; $2 how many
SELECT schedule.model_id, schedule.cron_expression, schedule.timezone, schedule.enabled,
  schedule.flexible_window_minutes, schedule.created_at, schedule.updated_at, newest.scheduled_time AS newest_run
FROM metrics_executions AS schedule
LEFT JOIN LATERAL (
  SELECT scheduled_time FROM runs WHERE model_id = schedule.model_id ORDER BY scheduled_time DESC LIMIT 1
) AS newest ON true
WHERE $1::uuid IS NULL OR schedule.model_id > $1
ORDER BY schedule.model_id
LIMIT $2;
