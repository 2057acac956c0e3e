-- The rules of a model, and the state of each that has ever been broken.
-- $1 model_id
-- Returns no row if the model has no schedule.
SELECT rules.name, rules.rule, rules.tag, rules.built_in, alerts.state, alerts.since, alerts.facts, alerts.snoozed_until,
  alerts.snooze_note
FROM rules_of($1) AS rules
JOIN metrics_executions AS schedule ON schedule.model_id = $1
LEFT JOIN alerts ON alerts.model_id = $1 AND alerts.rule = rules.name
ORDER BY rules.name;
