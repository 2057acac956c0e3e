-- Looks at a model anew, whose rules have changed.
-- $1 model_id
SELECT evaluate_model($1);
