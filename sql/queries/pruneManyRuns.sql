-- Deletes a batch of one model's runs beyond the newest ones; the newest that looked at its data always stays.
-- $1 model_id, $2 how many are kept, $3 how many are deleted at most
-- Returns a row for each that is gone.
DELETE FROM runs
USING (
  SELECT scheduled_time
  FROM runs
  WHERE model_id = $1
    AND (status = 'missed'
      OR scheduled_time < (SELECT max(scheduled_time) FROM runs WHERE model_id = $1 AND status <> 'missed'))
  ORDER BY scheduled_time DESC
  OFFSET greatest($2 - 1, 0)
  LIMIT $3
  FOR UPDATE SKIP LOCKED
) AS gone
WHERE runs.model_id = $1 AND runs.scheduled_time = gone.scheduled_time
RETURNING runs.model_id;
