-- Notes what became of a due time that was taken: it has its run; or why not, and when to take it again, if ever.
-- $1 model_id, $2 scheduled_time, $3 what was wrong, or null, $4 in how many seconds it is taken again, or null
WITH done AS (
  DELETE FROM due_backfills WHERE model_id = $1 AND scheduled_time = $2 AND $3::text IS NULL
)
UPDATE due_backfills SET error = $3, take_at = now() + $4::integer * interval '1 second'
WHERE model_id = $1 AND scheduled_time = $2 AND $3::text IS NOT NULL;
