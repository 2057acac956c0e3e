-- All that runs need, in one round trip: the schedule, the run of the due time if it is already recorded, and, if it is
-- not, the newest sample row (one probe of index results_newest).
-- $1 model_ids, $2 their scheduled_times, $3 how many bytes of JSON a column may have, $4 how many bytes on disk a sample
-- row may have when more than one run is asked for
-- Returns a row for each run whose model has a schedule, n being its place in $1. `alone` is true, and y_true and y_pred
-- are null, where the sample row has more than $4 bytes. y_true, y_pred are null, too, where they are too large. The size
-- on disk is looked at first, as reading a large column costs PostgreSQL its size in memory. Then it is read into an
-- array, which is not compressed, has 28 bytes more, and tells its size: text would, too, but takes two copies to make.
-- (SELECT $1) hides how many runs are asked for, so that one plan is kept; LIMIT 1 makes it probe the indexes for each.
SELECT asked.n::int, input.cron_expression, input.timezone, input.enabled, input.updated_at, input.recorded,
  input.results_id, input.data_timestamp, input.alone,
  CASE WHEN pg_column_size(input.y_true) - 28 <= $3 THEN input.y_true[1] END AS y_true,
  CASE WHEN pg_column_size(input.y_pred) - 28 <= $3 THEN input.y_pred[1] END AS y_pred
FROM unnest((SELECT $1::uuid[]), (SELECT $2::timestamptz[])) WITH ORDINALITY AS asked (model_id, scheduled_time, n),
LATERAL (
  SELECT schedule.cron_expression, schedule.timezone, schedule.enabled, schedule.updated_at,
    run.model_id IS NOT NULL AS recorded,
    sample.id AS results_id, sample."timestamp" AS data_timestamp, coalesce(sample.alone, false) AS alone,
    sample.y_true, sample.y_pred
  FROM metrics_executions AS schedule
  LEFT JOIN runs AS run ON run.model_id = schedule.model_id AND run.scheduled_time = asked.scheduled_time
  LEFT JOIN LATERAL (
    SELECT id, "timestamp", alone,
      CASE WHEN NOT alone AND pg_column_size(y_true) <= $3 + 4 THEN ARRAY[y_true] END AS y_true,
      CASE WHEN NOT alone AND pg_column_size(y_pred) <= $3 + 4 THEN ARRAY[y_pred] END AS y_pred
    FROM results,
      LATERAL (SELECT cardinality($1) > 1 AND pg_column_size(y_true) + pg_column_size(y_pred) > $4) AS size (alone)
    WHERE model_id = schedule.model_id AND run.model_id IS NULL
    ORDER BY "timestamp" DESC, id DESC
    LIMIT 1
  ) AS sample ON true
  WHERE schedule.model_id = asked.model_id
  LIMIT 1
) AS input;
