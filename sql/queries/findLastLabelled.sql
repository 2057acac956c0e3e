-- Where the newest labelled predictions of a model begin.
-- $1 model_id, $2 only those before this, $3 how many
-- `start` is text, to the microsecond.
-- Returns no row if there is none, and the oldest one if there are fewer.
SELECT "timestamp"::text AS start, id
FROM (
  SELECT "timestamp", id FROM predictions
  WHERE model_id = $1 AND "timestamp" < $2 AND y_true IS NOT NULL
  ORDER BY "timestamp" DESC, id DESC
  LIMIT $3
) AS newest
ORDER BY "timestamp", id
LIMIT 1;
