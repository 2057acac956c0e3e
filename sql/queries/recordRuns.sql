-- Records runs. The first record of a due time counts: a second delivery changes nothing.
-- Each parameter has one element for each run: $1 model_id, $2 scheduled_time, $3 trigger, $4 status, $5 accuracy,
-- $6 n_samples, $7 results_id, $8 data_timestamp, $9 error, $10 started_at
-- Returns the runs, without those whose due time already had one.
INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp,
  error, started_at, finished_at)
SELECT *, clock_timestamp()
FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::double precision[], $6::int[], $7::bigint[],
  $8::timestamptz[], $9::text[], $10::timestamptz[])
ON CONFLICT DO NOTHING
RETURNING model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp, error,
  finished_at;
