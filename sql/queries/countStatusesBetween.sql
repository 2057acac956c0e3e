-- How many models there are of each status, of those in a range.
-- $1 the first model_id, $2 the last
SELECT status, count(*)::int AS models
FROM model_states
WHERE model_id BETWEEN $1 AND $2
GROUP BY status;
