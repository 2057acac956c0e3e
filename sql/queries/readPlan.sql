-- What has been planned for a model, locked until commit.
-- $1 model_id
SELECT next_due,
  ARRAY(
    SELECT extract(epoch FROM scheduled_time)::double precision FROM runs
    WHERE runs.model_id = state.model_id AND scheduled_time >= next_due AND trigger = 'schedule'
  ) AS recorded
FROM model_states AS state
WHERE model_id = $1
FOR UPDATE;
