-- Records a run. The first record of a due time counts: a second delivery changes nothing.
-- $1 model_id, $2 scheduled_time, $3 trigger, $4 status, $5 accuracy, $6 n_samples, $7 results_id, $8 data_timestamp,
-- $9 error, $10 started_at
-- Returns the run, or no row if this due time already has one.
INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp,
  error, started_at, finished_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp())
ON CONFLICT DO NOTHING
RETURNING model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp, error,
  finished_at;
