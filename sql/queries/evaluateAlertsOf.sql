-- Looks anew at the models of a tag that have an alert of a rule, each in the same order, as each is locked.
-- $1 the rule's name, $2 the tag
SELECT evaluate_model(model_id) FROM (
  SELECT model_id FROM alerts JOIN metrics_executions AS schedule USING (model_id)
  WHERE rule = $1 AND $2 = ANY (schedule.tags)
  ORDER BY model_id
) AS models;
