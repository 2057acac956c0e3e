-- As listModels.sql, walked from the end: the last model first. {direction} is that of this walk.
-- $1 to $4 of the search: searchModels.sql, or model_states where they are null; $5 how many to leave out, $6 how many, $7 the status, if
-- there is such a condition
SELECT model_id FROM (
  (SELECT model_id FROM ({search}) AS state
  WHERE {key} IS NULL AND {status}
  ORDER BY {key} DESC, model_id DESC
  LIMIT $5::bigint + $6)
  UNION ALL
  (SELECT model_id FROM ({search}) AS state
  WHERE {key} IS NOT NULL AND {status}
  ORDER BY {key} {direction}, model_id {direction}
  LIMIT $5::bigint + $6)
) AS models
OFFSET $5 LIMIT $6;
