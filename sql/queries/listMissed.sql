-- The due times that a model has missed, newest first.
-- $1 model_id; $2 only later ones, or null; $3 how many
-- `unlisted` is how many more were missed just before this one.
-- `missed` is false where that one has run late since.
SELECT scheduled_time, coalesce(missed_before, 0) AS unlisted, status = 'missed' AS missed
FROM runs
WHERE model_id = $1 AND (status = 'missed' OR missed_before IS NOT NULL) AND finished_at <= now()
  AND scheduled_time > coalesce($2::timestamptz, '-infinity')
ORDER BY scheduled_time DESC
LIMIT $3;
