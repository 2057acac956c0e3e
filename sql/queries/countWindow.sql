-- Counts the pairs of labels in a window of predictions: of all, and of each value of each segment.
-- $1 model_id, $2 the window's start, $3 the id from which on it takes predictions of that very time, $4 its end,
-- $5 names of segments, $6 how many values of a segment stand for themselves
-- Returns a row for the whole (segment and value null) and for each value, the rest of a segment with value null: how many
-- predictions it has, and as JSON lists of the same length pairs of labels and how often each was met.
WITH pairs AS MATERIALIZED (
  SELECT name, CASE WHEN name IS NOT NULL THEN segments ->> name END AS value,
    y_true::text AS y_true, y_pred::text AS y_pred, count(*) AS n
  FROM predictions CROSS JOIN unnest(ARRAY[NULL] || $5::text[]) AS segment (name)
  WHERE model_id = $1 AND "timestamp" >= $2 AND "timestamp" < $4
    AND ("timestamp" > $2 OR id >= $3)
  GROUP BY 1, 2, 3, 4
), ranked AS (
  SELECT name, value, value IS NOT NULL
    AND row_number() OVER (PARTITION BY name ORDER BY value IS NULL, sum(n) DESC, value) <= $6 AS stands
  FROM pairs
  GROUP BY name, value
)
SELECT pairs.name AS segment, CASE WHEN stands THEN pairs.value END AS value,
  sum(n)::int AS n_predictions,
  coalesce(sum(n) FILTER (WHERE y_true IS NOT NULL), 0)::int AS n_labelled,
  '[' || coalesce(string_agg(y_true, ',') FILTER (WHERE y_true IS NOT NULL), '') || ']' AS y_true,
  '[' || coalesce(string_agg(y_pred, ',') FILTER (WHERE y_true IS NOT NULL), '') || ']' AS y_pred,
  '[' || coalesce(string_agg(n::text, ',') FILTER (WHERE y_true IS NOT NULL), '') || ']' AS counts
FROM pairs
JOIN ranked ON ranked.name IS NOT DISTINCT FROM pairs.name AND ranked.value IS NOT DISTINCT FROM pairs.value
GROUP BY 1, 2;
