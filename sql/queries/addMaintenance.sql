-- Makes a maintenance window, and notes who did.
-- $1 model_id, or null, $2 tag, or null, $3 starts_at, $4 ends_at, $5 note, $6 the caller
WITH added AS (
  INSERT INTO maintenance_windows (model_id, tag, starts_at, ends_at, note) VALUES ($1, $2, $3, $4, $5)
  RETURNING id, model_id, tag, starts_at, ends_at, note
), noted AS (
  INSERT INTO alert_audit (caller, action, model_id, tag, after)
  SELECT $6, 'add maintenance', model_id, tag, to_jsonb(added) FROM added
)
SELECT id, model_id, tag, starts_at, ends_at, note FROM added;
