-- When a rule would have fired over the runs of the last days.
-- $1 model_id, $2 name, $3 the rule, as JSON, $4 how many days
SELECT fired_at, ended_at FROM try_rule($1, $2, $3, now() - $4 * interval '1 day');
