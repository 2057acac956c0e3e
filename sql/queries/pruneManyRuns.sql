-- Deletes a batch of one model's runs beyond the newest ones.
-- $1 model_id, $2 how many are kept, $3 how many are deleted at most
-- Returns a row for each that is gone.
DELETE FROM runs
USING (
  SELECT scheduled_time
  FROM runs
  WHERE model_id = $1
  ORDER BY scheduled_time DESC
  OFFSET $2
  LIMIT $3
  FOR UPDATE SKIP LOCKED
) AS gone
WHERE runs.model_id = $1 AND runs.scheduled_time = gone.scheduled_time
RETURNING runs.model_id;
