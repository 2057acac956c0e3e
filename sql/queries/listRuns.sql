-- A page of a model's runs, newest first, the missed ones among them, and the run that they are compared with.
-- $1 model_id; $2 only due times before this, or null for the first page; $3 how many; $4 whether with earlier revisions
SELECT model_id, scheduled_time, trigger, status, accuracy, n_samples, results_id, data_timestamp, error, started_at,
  finished_at, details, missed_before, revision, window_start, window_end,
  CASE WHEN $4 AND revision > 0 THEN (
    SELECT jsonb_agg(to_jsonb(earlier) - '{model_id,scheduled_time}'::text[] ORDER BY earlier.revision DESC)
    FROM run_revisions AS earlier
    WHERE earlier.model_id = runs.model_id AND earlier.scheduled_time = runs.scheduled_time
  ) END AS revisions,
  (SELECT reference FROM metrics_executions WHERE model_id = $1) AS reference,
  data_deleted OR runs.results_id IS NOT NULL
    AND (SELECT id FROM results WHERE results.id = runs.results_id) IS NULL AS data_deleted
FROM runs
WHERE model_id = $1 AND scheduled_time < coalesce($2::timestamptz, 'infinity')
  AND (status <> 'missed' OR finished_at <= now())
ORDER BY scheduled_time DESC
LIMIT $3;
