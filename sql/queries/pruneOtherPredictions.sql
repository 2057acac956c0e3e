-- Deletes a batch of old predictions of months that have no partition, which cannot be dropped with it.
-- $1 how many days are kept, $2 how many are deleted at most
-- Returns a row for each that is gone.
DELETE FROM predictions_other
WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM predictions_other WHERE "timestamp" < now() - $1 * interval '1 day' LIMIT $2 FOR UPDATE SKIP LOCKED
))
RETURNING model_id;
