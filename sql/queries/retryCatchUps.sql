-- Lets watch take due times again at its next look, which Lambda did not take.
-- An element for each: $1 model_id, $2 scheduled_time
UPDATE runs SET catch_up_at = now()
FROM unnest($1::uuid[], $2::timestamptz[]) AS refused (model_id, scheduled_time)
WHERE runs.model_id = refused.model_id AND runs.scheduled_time = refused.scheduled_time AND runs.status = 'missed';
