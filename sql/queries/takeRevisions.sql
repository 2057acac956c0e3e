-- Takes runs that are to be computed again now, and says when to take them again if nothing comes of it.
-- $1 how many
UPDATE due_revisions AS due SET revise_at = now() + interval '10 minutes', taken = true
FROM (
  SELECT model_id, scheduled_time FROM due_revisions
  WHERE revise_at <= now()
  ORDER BY revise_at
  LIMIT $1
  FOR UPDATE SKIP LOCKED
) AS taken
WHERE due.model_id = taken.model_id AND due.scheduled_time = taken.scheduled_time
RETURNING due.model_id, due.scheduled_time;
