-- Deletes a prediction of a model, or those of a time, and notes it beside the runs that had looked at them.
-- $1 model_id, $2 id, or null; $3 from, or null; $4 until just before, or null
WITH gone AS (
  DELETE FROM predictions
  WHERE model_id = $1 AND ($2::text IS NULL OR id = $2) AND ($3::timestamptz IS NULL OR "timestamp" >= $3)
    AND ($4::timestamptz IS NULL OR "timestamp" < $4)
  RETURNING "timestamp"
), noted AS (
  UPDATE runs SET data_deleted = true
  FROM (SELECT min("timestamp") AS oldest, max("timestamp") AS newest FROM gone) AS span
  WHERE model_id = $1 AND window_start <= newest AND window_end > oldest AND NOT data_deleted
)
SELECT count(*)::int AS deleted FROM gone;
