-- All that a run needs, in one round trip: the schedule, the run of this due time if it is already recorded,
-- and, if it is not, the newest sample row (one probe of index results_newest).
-- $1 model_id, $2 scheduled_time, $3 how many bytes of JSON a column may have
-- Returns one row, or none for a model without a schedule. y_true, y_pred are null where they are too large. What is
-- small enough on disk needs no further look: neither pglz nor lz4 makes anything 256 times smaller. Else it is read into
-- an array, which is not compressed (and 28 bytes larger), but not before its size on disk is known to be bearable.
SELECT schedule.cron_expression, schedule.timezone, schedule.enabled, schedule.updated_at,
  run.model_id IS NOT NULL AS recorded,
  sample.id AS results_id, sample."timestamp" AS data_timestamp, sample.y_true, sample.y_pred
FROM metrics_executions AS schedule
LEFT JOIN runs AS run ON run.model_id = schedule.model_id AND run.scheduled_time = $2
LEFT JOIN LATERAL (
  SELECT id, "timestamp",
    CASE
      WHEN pg_column_size(y_true) <= $3 / 256 THEN y_true
      WHEN pg_column_size(y_true) <= $3 + 4 AND pg_column_size(ARRAY[y_true]) - 28 <= $3 THEN y_true
    END AS y_true,
    CASE
      WHEN pg_column_size(y_pred) <= $3 / 256 THEN y_pred
      WHEN pg_column_size(y_pred) <= $3 + 4 AND pg_column_size(ARRAY[y_pred]) - 28 <= $3 THEN y_pred
    END AS y_pred
  FROM results
  WHERE model_id = schedule.model_id AND run.model_id IS NULL
  ORDER BY "timestamp" DESC, id DESC
  LIMIT 1
) AS sample ON true
WHERE schedule.model_id = $1;
