-- The labelled predictions in a window: of all, and of each value of each segment.
-- $1 model_id, $2 the window's start, $3 the id from which on it takes predictions of that very time, $4 its end,
-- $5 names of segments, $6 how many values of a segment stand for themselves, $7 how many bytes all lists may have
-- Returns rows as countWindow.sql does, with every prediction for itself, and its y_score.
WITH chosen AS MATERIALIZED (
  SELECT '' AS name, '' AS value, y_true::text AS y_true, y_pred::text AS y_pred, y_score::text AS y_score
  FROM predictions
  WHERE model_id = $1 AND "timestamp" >= $2 AND "timestamp" < $4
    AND ("timestamp" > $2 OR id >= $3)
  UNION ALL
  SELECT name, coalesce('=' || (segments ->> name), ''), y_true::text, y_pred::text, y_score::text
  FROM predictions CROSS JOIN unnest($5::text[]) AS segment (name)
  WHERE cardinality($5::text[]) > 0 AND model_id = $1 AND "timestamp" >= $2 AND "timestamp" < $4
    AND ("timestamp" > $2 OR id >= $3)
), ranked AS MATERIALIZED (
  SELECT name, value, value <> ''
    AND row_number() OVER (PARTITION BY name ORDER BY value = '', count(*) DESC, value) <= $6 AS stands
  FROM chosen
  GROUP BY name, value
), size AS MATERIALIZED (
  SELECT coalesce(sum(octet_length(y_true) + octet_length(y_pred) + coalesce(octet_length(y_score), 0) + 3), 0) <= $7
    AS fits
  FROM chosen
)
SELECT nullif(chosen.name, '') AS segment, CASE WHEN stands THEN substr(chosen.value, 2) END AS value, fits,
  count(*)::int AS n_predictions,
  count(y_true)::int AS n_labelled,
  '[' || coalesce(string_agg(y_true, ',') FILTER (WHERE fits AND y_true IS NOT NULL), '') || ']' AS y_true,
  '[' || coalesce(string_agg(y_pred, ',') FILTER (WHERE fits AND y_true IS NOT NULL), '') || ']' AS y_pred,
  CASE WHEN bool_and(y_score IS NOT NULL) FILTER (WHERE y_true IS NOT NULL) THEN
    '[' || string_agg(y_score, ',') FILTER (WHERE fits AND y_true IS NOT NULL) || ']'
  END AS y_score
FROM chosen JOIN ranked USING (name, value) CROSS JOIN size
GROUP BY 1, 2, 3;
