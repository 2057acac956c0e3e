-- Makes rows for due times that have no run: missed ones, or ones that will be if nothing comes until $3.
-- An element for each: $1 model_id, $2 scheduled_time, $3 when it counts as missed, $4 how many due times before it were
-- missed too and get no row, or null, $5 when watch invokes it, or null
-- Returns those that had no row.
INSERT INTO runs (model_id, scheduled_time, trigger, status, started_at, finished_at, missed_before, catch_up_at)
SELECT model_id, scheduled_time, 'schedule', 'missed', missed_at, missed_at, missed_before, catch_up_at
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::timestamptz[])
  AS due (model_id, scheduled_time, missed_at, missed_before, catch_up_at)
ON CONFLICT DO NOTHING
RETURNING model_id, scheduled_time;
