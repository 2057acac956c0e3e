-- Takes a due time to be run now, and says when to take it again if nothing comes of it.
UPDATE due_backfills AS due SET take_at = now() + interval '5 minutes', attempts = attempts + 1
FROM (
  SELECT model_id, scheduled_time FROM due_backfills
  WHERE take_at <= now()
  ORDER BY take_at, scheduled_time
  LIMIT 1
  FOR UPDATE SKIP LOCKED
) AS taken
WHERE due.model_id = taken.model_id AND due.scheduled_time = taken.scheduled_time
RETURNING due.model_id, due.scheduled_time, due.attempts;
