-- The models that have more runs than are kept.
-- $1 how many are kept
SELECT model_id FROM runs GROUP BY model_id HAVING count(*) > $1;
