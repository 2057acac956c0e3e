-- Says how something that runs by itself ended.
-- $1 its name, $2 what it found, as JSON
INSERT INTO service_states (name, finished_at, outcome) VALUES ($1, clock_timestamp(), $2)
ON CONFLICT (name) DO UPDATE SET finished_at = excluded.finished_at, outcome = excluded.outcome;
