-- All that a run needs, in one round trip: the schedule, the run of this due time if it is already recorded,
-- and, if it is not, the newest sample row (one probe of index results_newest).
-- $1 model_id, $2 scheduled_time, $3 how many bytes of JSON a column may have
-- Returns one row, or none for a model without a schedule. y_true, y_pred are null where they are too large. The size on
-- disk is looked at first, as reading a large column costs PostgreSQL its size in memory. Then it is read into an array,
-- which is not compressed, has 28 bytes more, and tells its size: text would, too, but takes two copies to make.
SELECT schedule.cron_expression, schedule.timezone, schedule.enabled, schedule.updated_at,
  run.model_id IS NOT NULL AS recorded,
  sample.id AS results_id, sample."timestamp" AS data_timestamp,
  CASE WHEN pg_column_size(sample.y_true) - 28 <= $3 THEN sample.y_true[1] END AS y_true,
  CASE WHEN pg_column_size(sample.y_pred) - 28 <= $3 THEN sample.y_pred[1] END AS y_pred
FROM metrics_executions AS schedule
LEFT JOIN runs AS run ON run.model_id = schedule.model_id AND run.scheduled_time = $2
LEFT JOIN LATERAL (
  SELECT id, "timestamp",
    CASE WHEN pg_column_size(y_true) <= $3 + 4 THEN ARRAY[y_true] END AS y_true,
    CASE WHEN pg_column_size(y_pred) <= $3 + 4 THEN ARRAY[y_pred] END AS y_pred
  FROM results
  WHERE model_id = schedule.model_id AND run.model_id IS NULL
  ORDER BY "timestamp" DESC, id DESC
  LIMIT 1
) AS sample ON true
WHERE schedule.model_id = $1;
