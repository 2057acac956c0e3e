-- Ends or calls off a maintenance window, and notes who did: what it held is told now.
-- $1 id, $2 the caller
-- Returns its id, or no row if there is none.
WITH gone AS (
  DELETE FROM maintenance_windows WHERE id = $1 RETURNING *
), told AS (
  UPDATE alert_notifications SET held_until = NULL FROM gone WHERE state = 'new' AND held_until = gone.ends_at
), noted AS (
  INSERT INTO alert_audit (caller, action, model_id, tag, before)
  SELECT $2, 'delete maintenance', model_id, tag, to_jsonb(gone) FROM gone
)
SELECT id FROM gone;
