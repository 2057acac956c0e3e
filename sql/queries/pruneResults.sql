-- Deletes sample rows of before a time; the newest that a run of the model would take stays.
-- $1 how many days they are kept, $2 how many are deleted at most
DELETE FROM results
WHERE id IN (
  SELECT id FROM results AS old
  WHERE "timestamp" < now() - $1 * interval '1 day' AND EXISTS (
    SELECT FROM results AS newer
    WHERE newer.model_id = old.model_id AND (newer."timestamp", newer.id) > (old."timestamp", old.id)
      AND newer."timestamp" <= now() + interval '5 minutes'
  )
  LIMIT $2
)
RETURNING model_id;
