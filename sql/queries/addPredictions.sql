-- Stores a sample row. The json columns keep their texts as they are.
-- $1 model_id, $2 y_true, $3 y_pred, $4 y_score, or null, $5 when the data came in, or null for now
INSERT INTO results (model_id, y_true, y_pred, y_score, "timestamp")
VALUES ($1, $2, $3, $4, coalesce($5, clock_timestamp()))
RETURNING id AS results_id;
