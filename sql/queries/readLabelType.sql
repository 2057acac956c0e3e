-- What the labels of a model are, as far as its schedule says so.
-- $1 model_id
-- Returns no row for a model without a schedule. label_type is string, number, boolean, or list; null where neither the
-- task nor the labels of the schedule tell, or those are of several types.
SELECT
  CASE
    WHEN task = 'regression' THEN 'number'
    WHEN task = 'multilabel' THEN 'list'
    WHEN jsonb_typeof(labels) = 'array' THEN (
      SELECT min(jsonb_typeof(label)) FROM jsonb_array_elements(labels) AS label
      HAVING count(DISTINCT jsonb_typeof(label)) = 1
    )
  END AS label_type
FROM metrics_executions
WHERE model_id = $1;
