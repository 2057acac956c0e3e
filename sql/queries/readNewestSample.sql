-- What a model's newest run that had a number looked at, and how to read it.
-- $1 model_id
-- Returns one row. task is null where the model has no schedule, scheduled_time where it has no such run, results_id where
-- that run looked at a window of predictions; `kept` says whether the sample row is still there.
SELECT schedule.task, schedule.labels, schedule.data, newest.scheduled_time, newest.results_id, newest.window_start,
  newest.window_end, sample.id IS NOT NULL AS kept
FROM (SELECT $1::uuid AS model_id) AS asked
LEFT JOIN metrics_executions AS schedule ON schedule.model_id = asked.model_id
LEFT JOIN LATERAL (
  SELECT scheduled_time, results_id, window_start, window_end FROM runs
  WHERE runs.model_id = asked.model_id AND status = 'ok'
  ORDER BY scheduled_time DESC
  LIMIT 1
) AS newest ON true
LEFT JOIN results AS sample ON sample.id = newest.results_id;
