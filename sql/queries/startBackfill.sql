-- Replaces a model's backfill: the due times that have no run yet are to be run.
-- $1 model_id, $2 from, $3 to, $4 the due times between
WITH backfill AS (
  INSERT INTO backfills AS stored (model_id, from_time, to_time, total)
  VALUES ($1, $2, $3, cardinality($4::timestamptz[]))
  ON CONFLICT (model_id) DO UPDATE SET
    from_time = excluded.from_time, to_time = excluded.to_time, total = excluded.total,
    started_at = excluded.started_at, cancelled = NULL
  RETURNING model_id
), forgotten AS (
  -- What failed in the backfill before, unless it is tried again.
  DELETE FROM due_backfills WHERE model_id = $1 AND scheduled_time <> ALL ($4::timestamptz[])
)
INSERT INTO due_backfills (model_id, scheduled_time)
SELECT backfill.model_id, due.scheduled_time
FROM backfill, unnest($4::timestamptz[]) AS due (scheduled_time)
WHERE NOT EXISTS (
  SELECT FROM runs
  WHERE runs.model_id = backfill.model_id AND runs.scheduled_time = due.scheduled_time AND runs.status <> 'missed'
)
ON CONFLICT (model_id, scheduled_time) DO UPDATE SET take_at = now(), attempts = 0, error = NULL;
