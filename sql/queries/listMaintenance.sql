-- The maintenance windows that have not ended, the next first.
-- $1 how many
SELECT id, model_id, tag, starts_at, ends_at, note FROM maintenance_windows
WHERE ends_at > now()
ORDER BY starts_at, id
LIMIT $1;
