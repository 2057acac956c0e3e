-- Where the newest predictions of a model begin.
-- $1 model_id, $2 only those before this, $3 how many, $4 whether only those with a label
-- `start` is text, to the microsecond.
-- Returns no row if there is none, and the oldest one if there are fewer.
SELECT "timestamp"::text AS start, id
FROM (
  SELECT "timestamp", id FROM predictions
  WHERE model_id = $1 AND "timestamp" < $2 AND (y_true IS NOT NULL OR NOT $4)
  ORDER BY "timestamp" DESC, id DESC
  LIMIT $3
) AS newest
ORDER BY "timestamp", id
LIMIT 1;
