-- Stores a sample row. The json columns keep their texts as they are.
-- $1 model_id, $2 y_true, $3 y_pred, $4 when the data came in, or null for now
INSERT INTO results (model_id, y_true, y_pred, "timestamp")
VALUES ($1, $2, $3, coalesce($4, clock_timestamp()))
RETURNING id AS results_id;
