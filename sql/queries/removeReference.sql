-- Forgets the run that others are compared with.
-- $1 model_id
-- Returns the model_id, or no row if it has no schedule.
UPDATE metrics_executions SET reference = NULL WHERE model_id = $1 RETURNING model_id;
