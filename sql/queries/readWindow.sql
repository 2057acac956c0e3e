-- The labelled predictions in a window: of all, and of each value of each segment.
-- $1 model_id, $2 the window's start, $3 the id from which on it takes predictions of that very time, $4 its end,
-- $5 names of segments, $6 how many values of a segment stand for themselves
-- Returns rows as countWindow.sql does, with every prediction for itself, and its y_score.
WITH chosen AS MATERIALIZED (
  SELECT name, CASE WHEN name IS NOT NULL THEN segments ->> name END AS value, y_true, y_pred, y_score
  FROM predictions CROSS JOIN unnest(ARRAY[NULL] || $5::text[]) AS segment (name)
  WHERE model_id = $1 AND "timestamp" >= $2 AND "timestamp" < $4
    AND ("timestamp" > $2 OR id >= $3)
), ranked AS (
  SELECT name, value, value IS NOT NULL
    AND row_number() OVER (PARTITION BY name ORDER BY value IS NULL, count(*) DESC, value) <= $6 AS stands
  FROM chosen
  GROUP BY name, value
)
SELECT chosen.name AS segment, CASE WHEN stands THEN chosen.value END AS value,
  count(*)::int AS n_predictions,
  count(y_true)::int AS n_labelled,
  '[' || coalesce(string_agg(y_true::text, ',') FILTER (WHERE y_true IS NOT NULL), '') || ']' AS y_true,
  '[' || coalesce(string_agg(y_pred::text, ',') FILTER (WHERE y_true IS NOT NULL), '') || ']' AS y_pred,
  CASE WHEN bool_and(y_score IS NOT NULL) FILTER (WHERE y_true IS NOT NULL) THEN
    '[' || string_agg(y_score::text, ',') FILTER (WHERE y_true IS NOT NULL) || ']'
  END AS y_score
FROM chosen
JOIN ranked ON ranked.name IS NOT DISTINCT FROM chosen.name AND ranked.value IS NOT DISTINCT FROM chosen.value
GROUP BY 1, 2;
