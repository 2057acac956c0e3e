-- Looks anew at the models that have an alert of a rule.
-- $1 its name
SELECT evaluate_model(model_id) FROM alerts WHERE rule = $1;
