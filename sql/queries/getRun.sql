-- The run of one due time.
-- $1 model_id, $2 scheduled_time
SELECT model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp, error, finished_at,
  details, revision, window_start, window_end
FROM runs
WHERE model_id = $1 AND scheduled_time = $2 AND status <> 'missed';
