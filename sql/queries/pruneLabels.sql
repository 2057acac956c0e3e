-- Deletes a batch of labels that have waited for their prediction for too long.
-- $1 how many days they wait, $2 how many are deleted at most
-- Returns a row for each that is gone.
DELETE FROM labels
WHERE (model_id, id) IN (
  SELECT model_id, id FROM labels
  WHERE received_at < now() - $1 * interval '1 day'
  ORDER BY received_at
  LIMIT $2
  FOR UPDATE SKIP LOCKED
)
RETURNING model_id;
