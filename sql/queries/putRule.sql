-- Makes or replaces a rule of a model or of a tag, and notes who did. Others wait by takeTurn.sql.
-- $1 model_id, or null, $2 tag, or null, $3 name, $4 the rule, as JSON, $5 the caller
-- Returns the rule that was there, or null.
WITH old AS (
  SELECT rule FROM alert_rules WHERE (model_id = $1 OR tag = $2) AND name = $3
), changed AS (
  UPDATE alert_rules SET rule = $4, updated_at = clock_timestamp() WHERE (model_id = $1 OR tag = $2) AND name = $3
), added AS (
  INSERT INTO alert_rules (model_id, tag, name, rule)
  SELECT $1::uuid, $2::text, $3, $4::jsonb WHERE NOT EXISTS (SELECT FROM old)
), noted AS (
  INSERT INTO alert_audit (caller, action, model_id, tag, rule, before, after)
  SELECT $5, 'put rule', $1, $2, $3, (SELECT rule FROM old), $4
  WHERE (SELECT rule FROM old) IS DISTINCT FROM $4
)
SELECT (SELECT rule FROM old) AS before;
