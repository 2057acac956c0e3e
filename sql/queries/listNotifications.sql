-- What was told of a model, or is to be, the newest first, with how far each channel is.
-- $1 model_id, $2 how many
SELECT notification.id, rule, kind, severity, at, facts, held_until, state,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'state', delivery.state, 'attempts', attempts,
      'error', error) ORDER BY channel), '[]')
    FROM alert_deliveries AS delivery WHERE notification_id = notification.id) AS deliveries
FROM alert_notifications AS notification
WHERE model_id = $1
ORDER BY notification.id DESC
LIMIT $2;
