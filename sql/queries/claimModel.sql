-- Takes the turn of a model that seems to have no schedule: waits for a request that is just making one.
-- $1 model_id
-- Returns its model_id if there is none and nobody can make one until this transaction ends; no row if there is one.
-- Delete the row (deleteSchedule.sql) in the same transaction.
INSERT INTO metrics_executions (model_id, cron_expression, enabled)
VALUES ($1, '', false)
ON CONFLICT DO NOTHING
RETURNING model_id;
