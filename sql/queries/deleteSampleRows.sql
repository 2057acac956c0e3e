-- Deletes a sample row of a model, or those of a time.
-- $1 model_id, $2 id, or null; $3 from, or null; $4 until just before, or null
WITH gone AS (
  DELETE FROM results
  WHERE model_id = $1 AND ($2::text IS NULL OR id::text = $2) AND ($3::timestamptz IS NULL OR "timestamp" >= $3)
    AND ($4::timestamptz IS NULL OR "timestamp" < $4)
  RETURNING id
)
SELECT count(*)::int AS deleted FROM gone;
