-- Moves the states of models on after their overdue due times were looked at.
-- An element for each: $1 model_id, $2 next_due, $3 expected_by, $4 the newest due time that was missed, or null
UPDATE model_states AS state
SET next_due = it.next_due, expected_by = it.expected_by,
  missed_at = CASE
    WHEN EXISTS (
      SELECT FROM runs
      WHERE runs.model_id = it.model_id AND scheduled_time > it.missed_at AND trigger = 'schedule' AND status <> 'missed'
    ) THEN state.missed_at
    ELSE greatest(state.missed_at, it.missed_at)
  END
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[])
  AS it (model_id, next_due, expected_by, missed_at)
WHERE state.model_id = it.model_id;
