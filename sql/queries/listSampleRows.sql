-- A page of a model's sample rows, the newest first.
-- $1 model_id; $2 and $3 only rows before this timestamp and id, or null for the first page; $4 how many
-- `bytes` is what the row's columns take on disk.
SELECT id AS results_id, "timestamp", "timestamp"::text AS at,
  pg_column_size(y_true) + pg_column_size(y_pred) + coalesce(pg_column_size(y_score), 0) AS bytes
FROM results
WHERE model_id = $1 AND ($2::timestamptz IS NULL OR ("timestamp", id) < ($2::timestamptz, $3::text::bigint))
ORDER BY "timestamp" DESC, id DESC
LIMIT $4;
