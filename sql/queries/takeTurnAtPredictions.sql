-- Waits for the other transactions that change predictions of this model.
-- $1 model_id
SELECT take_turn_at_predictions($1), set_config('cyclic.ids_checked', 'yes', true);
