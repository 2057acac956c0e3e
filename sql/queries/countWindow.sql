-- Counts the pairs of labels in a window of predictions: of all, and of each value of each segment.
-- $1 model_id, $2 the window's start, $3 the id from which on it takes predictions of that very time, $4 its end,
-- $5 names of segments, $6 how many values of a segment stand for themselves, $7 how many bytes all lists may have
-- Returns a row for the whole (segment and value null) and for each value, the rest of a segment with value null: how many
-- predictions it has, and as JSON lists of the same length pairs of labels and how often each was met. `fits` is false,
-- and the lists are empty, where they would be longer than $7. Inside, a value is '=' and its text, and '' is none.
-- What is used for every row is materialized: without statistics PostgreSQL may compute it for each one anew.
WITH pairs (name, value, y_true, y_pred, n) AS MATERIALIZED (
  SELECT '' AS name, '' AS value, y_true::text AS y_true, y_pred::text AS y_pred, count(*) AS n
  FROM predictions
  WHERE model_id = $1 AND "timestamp" >= $2 AND "timestamp" < $4
    AND ("timestamp" > $2 OR id >= $3)
  GROUP BY 3, 4
  UNION ALL
  SELECT name, coalesce('=' || (segments ->> name), ''), y_true::text, y_pred::text, count(*)
  FROM predictions CROSS JOIN unnest($5::text[]) AS segment (name)
  WHERE cardinality($5::text[]) > 0 AND model_id = $1 AND "timestamp" >= $2 AND "timestamp" < $4
    AND ("timestamp" > $2 OR id >= $3)
  GROUP BY 1, 2, 3, 4
), ranked AS MATERIALIZED (
  SELECT name, value, value <> ''
    AND row_number() OVER (PARTITION BY name ORDER BY value = '', sum(n) DESC, value) <= $6 AS stands
  FROM pairs
  GROUP BY name, value
), size AS MATERIALIZED (
  SELECT coalesce(sum(octet_length(y_true) + octet_length(y_pred) + 2), 0) <= $7 AS fits FROM pairs
)
SELECT nullif(pairs.name, '') AS segment, CASE WHEN stands THEN substr(pairs.value, 2) END AS value, fits,
  sum(n)::int AS n_predictions,
  coalesce(sum(n) FILTER (WHERE y_true IS NOT NULL), 0)::int AS n_labelled,
  '[' || coalesce(string_agg(y_true, ',') FILTER (WHERE fits AND y_true IS NOT NULL), '') || ']' AS y_true,
  '[' || coalesce(string_agg(y_pred, ',') FILTER (WHERE fits AND y_true IS NOT NULL), '') || ']' AS y_pred,
  '[' || coalesce(string_agg(n::text, ',') FILTER (WHERE fits AND y_true IS NOT NULL), '') || ']' AS counts
FROM pairs JOIN ranked USING (name, value) CROSS JOIN size
GROUP BY 1, 2, 3;
