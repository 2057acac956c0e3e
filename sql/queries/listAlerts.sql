-- A page of alerts in one state, the critical ones first, then the newest.
-- $1 the state, $2 how many to leave out, $3 how many
SELECT alerts.id, alerts.model_id, schedule.name, rule, state, severity, since, facts, snoozed_until, snooze_note
FROM alerts
JOIN metrics_executions AS schedule ON schedule.model_id = alerts.model_id
WHERE state = $1
ORDER BY severity, since DESC, alerts.id
OFFSET $2 LIMIT $3;
