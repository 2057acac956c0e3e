-- Whether a model has a schedule or a run.
-- $1 model_id
-- Returns one row if it has.
SELECT 1
WHERE EXISTS (SELECT FROM metrics_executions WHERE model_id = $1)
  OR EXISTS (SELECT FROM runs WHERE model_id = $1);
