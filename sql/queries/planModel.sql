-- Says when a model whose schedule has just been made or changed is due.
-- $1 model_id, $2 since when the schedule is in force, $3 its next due time, or null, $4 flexible_window_minutes
UPDATE model_states
SET effective_from = $2, next_due = $3, expected_by = $3::timestamptz + ($4::int + 2) * interval '1 minute'
WHERE model_id = $1;
