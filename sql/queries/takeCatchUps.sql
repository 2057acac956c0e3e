-- Takes due times without a run whose moment has come, and says when to take them again: after as long as they are old,
-- ten minutes at least, up to a day. From now on they are missed.
-- $1 how many
-- Returns all that it took; those that are `wanted` are to be run now.
WITH due AS (
  SELECT run.model_id, run.scheduled_time, schedule.catch_up
  FROM runs AS run
  JOIN model_states AS state ON state.model_id = run.model_id
  JOIN metrics_executions AS schedule ON schedule.model_id = run.model_id
  WHERE run.catch_up_at <= now()
  ORDER BY run.catch_up_at
  LIMIT $1
  FOR UPDATE OF state, run SKIP LOCKED
), decided AS (
  SELECT due.model_id, due.scheduled_time,
    due.scheduled_time > now() - interval '1 day' AND (catch_up = 'all' OR catch_up = 'last' AND NOT EXISTS (
      SELECT FROM runs AS later
      WHERE later.model_id = due.model_id AND later.scheduled_time > due.scheduled_time AND later.status = 'missed'
    )) AS wanted
  FROM due
), taken AS (
  UPDATE runs
  SET catch_up_at = CASE WHEN wanted THEN now() + greatest(interval '10 minutes', now() - runs.scheduled_time) END
  FROM decided
  WHERE runs.model_id = decided.model_id AND runs.scheduled_time = decided.scheduled_time
  RETURNING runs.model_id, runs.scheduled_time, wanted
), noted AS (
  UPDATE model_states AS state
  SET missed_at = greatest(state.missed_at, newest.scheduled_time)
  FROM (SELECT model_id, max(scheduled_time) AS scheduled_time FROM taken GROUP BY model_id) AS newest
  WHERE state.model_id = newest.model_id AND state.enabled AND NOT EXISTS (
    SELECT FROM runs AS later
    WHERE later.model_id = newest.model_id AND later.scheduled_time > newest.scheduled_time
      AND later.trigger = 'schedule' AND later.status <> 'missed'
  )
)
SELECT model_id, scheduled_time, wanted FROM taken;
