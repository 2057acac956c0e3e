-- What has been planned for a model, locked until commit.
-- $1 model_id
SELECT effective_from, next_due FROM model_states WHERE model_id = $1 FOR UPDATE;
