-- Who changed what of the alerts, the newest first.
-- $1 only before this id, or null, $2 how many
SELECT id, at, caller, action, model_id, tag, rule, before, after FROM alert_audit
WHERE id < coalesce($1, 9223372036854775807)
ORDER BY id DESC
LIMIT $2;
