-- The rules of tags.
-- $1 only of this tag, or null
SELECT tag, name, rule FROM alert_rules WHERE tag IS NOT NULL AND tag = coalesce($1, tag) ORDER BY tag, name;
