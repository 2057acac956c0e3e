-- Removes a model's schedule. The row stays locked until commit.
-- $1 model_id
-- Returns its model_id, or no row if there was none.
DELETE FROM metrics_executions WHERE model_id = $1 RETURNING model_id;
