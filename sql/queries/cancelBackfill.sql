-- Leaves out the due times of a model's backfill that have not been run yet.
-- $1 model_id
WITH left_out AS (
  DELETE FROM due_backfills WHERE model_id = $1 AND take_at IS NOT NULL RETURNING model_id
)
UPDATE backfills SET cancelled = coalesce(cancelled, 0) + (SELECT count(*) FROM left_out)
WHERE model_id = $1 AND EXISTS (SELECT FROM left_out);
