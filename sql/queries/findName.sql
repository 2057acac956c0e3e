-- The model that has a name, if it is another one.
-- $1 name, $2 model_id
SELECT model_id FROM metrics_executions WHERE name = $1 AND model_id <> $2;
