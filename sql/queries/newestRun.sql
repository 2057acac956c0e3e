-- The newest run of a model.
-- $1 model_id
SELECT model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp, error, finished_at
FROM runs
WHERE model_id = $1
ORDER BY scheduled_time DESC
LIMIT 1;
