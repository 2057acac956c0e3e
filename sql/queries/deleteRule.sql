-- Removes a rule of a model or of a tag, and notes who did.
-- $1 model_id, or null, $2 tag, or null, $3 name, $4 the caller
-- Returns its name, or no row if there was none.
WITH gone AS (
  DELETE FROM alert_rules WHERE (model_id = $1 OR tag = $2) AND name = $3 RETURNING name, rule
), noted AS (
  INSERT INTO alert_audit (caller, action, model_id, tag, rule, before)
  SELECT $4, 'delete rule', $1::uuid, $2::text, name, rule FROM gone
)
SELECT name FROM gone;
