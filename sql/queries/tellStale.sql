-- Acts on models whose data has become too old since their last run: a trigger moves their alerts.
-- $1 how many
-- Returns them.
UPDATE model_states AS state SET stale_told = stale_at
FROM (
  SELECT model_id FROM model_states
  WHERE enabled AND stale_told IS DISTINCT FROM stale_at AND stale_at <= now()
  ORDER BY stale_at
  LIMIT $1
  FOR UPDATE SKIP LOCKED
) AS due
WHERE state.model_id = due.model_id
RETURNING state.model_id;
