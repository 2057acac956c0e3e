-- The states of all models: what searchModels.sql is where nothing is searched for.
-- $1, $2, $3, $4 nulls
SELECT * FROM model_states WHERE num_nulls($1::uuid, $2::uuid, $3::text, $4::text) = 4
