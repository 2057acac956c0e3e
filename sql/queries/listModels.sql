-- The model_ids of a page of the overview: those that have the sort key in its order, and then those that have not.
-- Without a search both parts are walked in an index: that is why the second is sorted by {key} as well. {key} is a column of
-- model_states, {status} a condition or TRUE, {direction} ASC or DESC.
-- $1 to $4 of the search: searchModels.sql, or model_states where they are null; $5 how many to leave out, $6 how many, $7 the status, if
-- there is such a condition
SELECT model_id FROM (
  (SELECT model_id FROM ({search}) AS state
  WHERE {key} IS NOT NULL AND {status}
  ORDER BY {key} {direction}, model_id {direction}
  LIMIT $5::bigint + $6)
  UNION ALL
  (SELECT model_id FROM ({search}) AS state
  WHERE {key} IS NULL AND {status}
  ORDER BY {key}, model_id
  LIMIT $5::bigint + $6)
) AS models
OFFSET $5 LIMIT $6;
