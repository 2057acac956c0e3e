-- The due times of a model's scheduled runs, newest first.
-- $1 model_id; $2 the earliest; $3 how many
SELECT scheduled_time
FROM runs
WHERE model_id = $1 AND scheduled_time >= $2 AND trigger = 'schedule'
ORDER BY scheduled_time DESC
LIMIT $3;
