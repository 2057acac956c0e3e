-- Waits for the other transactions that change this model's schedule, whether it has one or not.
-- $1 model_id
SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0));
