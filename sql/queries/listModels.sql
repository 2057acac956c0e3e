-- The model_ids of a page of the overview: those that have the sort key in its order, and then those that have not.
-- Both parts are walked in an index: that is why the second is sorted by {key} as well. {key} is a column of model_states, {status} a condition or TRUE, {direction} ASC or
-- DESC.
-- $1 the first model_id, $2 the last, $3 how many to leave out, $4 how many, $5 the status, if there is such a condition
SELECT model_id FROM (
  (SELECT model_id FROM model_states
  WHERE {key} IS NOT NULL AND {status} AND model_id BETWEEN $1 AND $2
  ORDER BY {key} {direction}, model_id {direction}
  LIMIT $3::bigint + $4)
  UNION ALL
  (SELECT model_id FROM model_states
  WHERE {key} IS NULL AND {status} AND model_id BETWEEN $1 AND $2
  ORDER BY {key}, model_id
  LIMIT $3::bigint + $4)
) AS models
OFFSET $3 LIMIT $4;
