-- Takes what was noted of changed predictions, and plans to compute again the runs that had looked at them, each at most
-- every five minutes. What was noted in the last minute is left: a run that had begun to look may not have ended yet.
-- $1 how many notes
-- Returns a row for each note.
WITH noted AS (
  DELETE FROM window_changes
  WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM window_changes WHERE noted_at < now() - interval '65 seconds' LIMIT $1 FOR UPDATE SKIP LOCKED
  ))
  RETURNING model_id, first, last
), planned AS (
  INSERT INTO due_revisions AS due (model_id, scheduled_time, revise_at)
  SELECT DISTINCT run.model_id, run.scheduled_time, greatest(now(), run.finished_at + interval '5 minutes')
  FROM noted
  JOIN metrics_executions AS schedule ON schedule.model_id = noted.model_id
  JOIN runs AS run ON run.model_id = noted.model_id
    AND run.scheduled_time > greatest(noted.first, now() - schedule.revise_for::interval)
    AND run.window_start <= noted.last AND run.window_end > noted.first
  ON CONFLICT (model_id, scheduled_time) DO UPDATE SET
    revise_at = CASE WHEN due.taken THEN excluded.revise_at ELSE least(due.revise_at, excluded.revise_at) END, taken = false
)
SELECT model_id FROM noted;
