-- Says that a run is about to look at the predictions before a time: what changes among them from now on is noted. Waits
-- for changes that are not committed yet, if no run has looked so far before.
-- $1 model_id, $2 the end of the window
WITH turn AS MATERIALIZED (
  SELECT model_id, take_turn_at_predictions(model_id) FROM model_states
  WHERE model_id = $1 AND (computed_until < $2 OR computed_until IS NULL)
)
UPDATE model_states AS state SET computed_until = greatest(computed_until, $2)
FROM turn
WHERE state.model_id = turn.model_id;
