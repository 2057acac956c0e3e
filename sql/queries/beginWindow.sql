-- Says that a run is about to look at the predictions before a time: what changes among them from now on is noted. Waits
-- for changes that are not committed yet.
-- $1 model_id, $2 the end of the window
UPDATE model_states SET computed_until = $2 WHERE model_id = $1 AND (computed_until < $2 OR computed_until IS NULL);
