-- Lets nobody be told of an alert until a time, or tells again, and notes who wanted it.
-- $1 model_id, $2 rule, $3 until, or null, $4 note, or null, $5 the caller, $6 the rule's severity
WITH alert AS (
  INSERT INTO alerts (model_id, rule, severity, since, snoozed_until, snooze_note)
  VALUES ($1, $2, $6, now(), $3, $4)
  ON CONFLICT (model_id, rule) DO UPDATE SET snoozed_until = $3, snooze_note = $4
  RETURNING id
), held AS (
  UPDATE alert_notifications SET held_until = $3 FROM alert WHERE alert_id = alert.id AND alert_notifications.state = 'new'
)
INSERT INTO alert_audit (caller, action, model_id, rule, after)
VALUES ($5, 'snooze', $1, $2, jsonb_build_object('until', $3::timestamptz, 'note', $4::text));
