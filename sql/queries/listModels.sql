-- The model_ids of a page of the overview: those that have the sort key in its order, and then those that have not.
-- Both parts walk an index. {key} is a column of model_states, {status} a condition or TRUE; {with key} is ASC or DESC,
-- the order of the first part, and {without key} that of the second. Read from the end, the second part comes first.
-- $1 the first model_id, $2 the last, $3 how many to leave out, $4 how many
SELECT model_id FROM (
  (SELECT model_id FROM model_states
  WHERE {key} IS NOT NULL AND {status} AND model_id BETWEEN $1 AND $2
  ORDER BY {key} {direction}, model_id {direction}
  LIMIT $3::bigint + $4)
  UNION ALL
  (SELECT model_id FROM model_states
  WHERE {key} IS NULL AND {status} AND model_id BETWEEN $1 AND $2
  ORDER BY model_id
  LIMIT $3::bigint + $4)
) AS models
OFFSET $3 LIMIT $4;
