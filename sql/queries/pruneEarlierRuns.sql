-- Deletes a batch of old runs of before the months that have a partition, the oldest first; the newest run of a model that
-- looked at its data always stays.
-- $1 how many days are kept, $2 how many are deleted at most
-- Returns a row for each that is gone.
DELETE FROM runs_earlier
USING (
  SELECT model_id, scheduled_time
  FROM runs_earlier AS old
  WHERE scheduled_time < now() - $1 * interval '1 day'
    AND (status = 'missed' OR EXISTS (
      SELECT FROM runs AS newer
      WHERE newer.model_id = old.model_id AND newer.scheduled_time > old.scheduled_time AND newer.status <> 'missed'
    ))
  ORDER BY scheduled_time
  LIMIT $2
  FOR UPDATE SKIP LOCKED
) AS gone
WHERE runs_earlier.model_id = gone.model_id AND runs_earlier.scheduled_time = gone.scheduled_time
RETURNING runs_earlier.model_id;
