-- Records a run and moves its model's state, in one statement. The first record of a due time counts, and a second delivery
-- changes nothing. The row of a missed due time does not count as a record: the run replaces it. A revision replaces the
-- run of the revision before; where nothing differs, that one stays.
-- $1 model_id, $2 scheduled_time, $3 trigger, $4 status, $5 accuracy, $6 n_samples, $7 results_id, $8 data_timestamp,
-- $9 error, $10 started_at, $11 details; $12 effective_from of the schedule that was read, $13 the due time after $2 by
-- that schedule, $14 its flexible_window_minutes, $15 the key of its first metric, $16 that metric's value, or null;
-- $17 revision, $18 window_start, $19 window_end
-- Returns the run, or no row if its due time already had one.
WITH state_lock AS MATERIALIZED (
  -- The state first, then the run: watch takes them in this order too.
  SELECT FROM model_states WHERE model_id = $1 FOR UPDATE
), run AS (
  INSERT INTO runs (model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp,
    error, started_at, finished_at, details, revision, window_start, window_end)
  SELECT $1::uuid, $2::timestamptz, $3, $4, $5::double precision, $6::int, $7::bigint, $8::timestamptz, $9, $10::timestamptz,
    clock_timestamp(), $11::jsonb, $17::int, $18::timestamptz, $19::timestamptz
  FROM (SELECT 1) AS one LEFT JOIN state_lock ON true
  ON CONFLICT (model_id, scheduled_time) DO UPDATE SET
    trigger = excluded.trigger, status = excluded.status, accuracy = excluded.accuracy,
    n_samples = excluded.n_samples, results_id = excluded.results_id, data_timestamp = excluded.data_timestamp,
    error = excluded.error, started_at = excluded.started_at, finished_at = excluded.finished_at,
    details = excluded.details, catch_up_at = NULL, revision = excluded.revision, window_start = excluded.window_start,
    window_end = excluded.window_end, data_deleted = false
  WHERE runs.status = 'missed' OR runs.revision = excluded.revision - 1 AND (
    (runs.status, runs.accuracy, runs.n_samples, runs.error, runs.details, runs.window_start)
    IS DISTINCT FROM
    (excluded.status, excluded.accuracy, excluded.n_samples, excluded.error, excluded.details, excluded.window_start)
  )
  RETURNING *
), revised AS (
  DELETE FROM due_revisions WHERE $17 > 0 AND model_id = $1 AND scheduled_time = $2 AND taken
), moved AS (
  -- The next due time moves on only from this one: watch finds a due time that was passed over.
  UPDATE model_states AS state SET
    next_due = CASE WHEN state.next_due = $2 AND state.effective_from = $12 THEN $13 ELSE state.next_due END,
    expected_by = CASE WHEN state.next_due = $2 AND state.effective_from = $12
      THEN $13::timestamptz + ($14::int + 2) * interval '1 minute' ELSE state.expected_by END,
    missed_at = CASE WHEN run.trigger <> 'schedule' OR run.revision > 0 OR state.missed_at > $2 THEN state.missed_at END,
    newest_run = greatest(state.newest_run, $2),
    same_data_since = CASE
      WHEN state.newest_run > $2 THEN state.same_data_since
      WHEN run.results_id IS NULL THEN NULL
      WHEN state.results_id = run.results_id THEN coalesce(state.same_data_since, state.newest_run)
      ELSE $2
    END,
    newest_status = CASE WHEN state.newest_run > $2 THEN state.newest_status ELSE run.status::model_status END,
    results_id = CASE WHEN state.newest_run > $2 THEN state.results_id ELSE run.results_id END,
    data_timestamp = CASE WHEN state.newest_run > $2 THEN state.data_timestamp ELSE run.data_timestamp END,
    metric = CASE WHEN state.newest_run > $2 THEN state.metric ELSE $15 END,
    value = CASE WHEN state.newest_run > $2 THEN state.value ELSE $16 END,
    value_before = CASE
      WHEN state.newest_run > $2 THEN state.value_before
      WHEN state.metric <> $15 THEN NULL
      WHEN state.newest_run = $2 OR state.results_id = run.results_id THEN state.value_before
      ELSE coalesce(state.value, state.value_before)
    END
  FROM run
  WHERE state.model_id = run.model_id
)
SELECT model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp, error, finished_at,
  details, revision, window_start, window_end
FROM run;
