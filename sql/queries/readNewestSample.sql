-- The sample row of a model's newest run that had a number, and how to read it.
-- $1 model_id
-- Returns no row where there is no such run, no schedule, or the sample row is gone.
SELECT schedule.task, schedule.labels, newest.scheduled_time, sample.id AS results_id
FROM metrics_executions AS schedule
CROSS JOIN LATERAL (
  SELECT scheduled_time, results_id FROM runs
  WHERE runs.model_id = schedule.model_id AND status = 'ok'
  ORDER BY scheduled_time DESC
  LIMIT 1
) AS newest
JOIN results AS sample ON sample.id = newest.results_id
WHERE schedule.model_id = $1;
