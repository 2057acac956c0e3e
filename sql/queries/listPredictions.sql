-- A page of a model's predictions, the newest first.
-- $1 model_id; $2 and $3 only predictions before this timestamp and id, or null for the first page; $4 how many
SELECT id, "timestamp", "timestamp"::text AS at, y_pred, y_score, y_true, label_timestamp, segments
FROM predictions
WHERE model_id = $1 AND ($2::timestamptz IS NULL OR ("timestamp", id) < ($2::timestamptz, $3::text))
ORDER BY "timestamp" DESC, id DESC
LIMIT $4;
