-- How a model's newest backfill stands.
-- $1 model_id
SELECT model_id, from_time, to_time, started_at, total, cancelled, waiting, failed, error
FROM backfills, LATERAL (
  SELECT count(*) FILTER (WHERE take_at IS NOT NULL)::int AS waiting, count(*) FILTER (WHERE take_at IS NULL)::int AS failed,
    max(error) FILTER (WHERE take_at IS NULL) AS error
  FROM due_backfills AS due
  WHERE due.model_id = backfills.model_id
) AS left_over
WHERE model_id = $1;
