-- What GET /results/{model_id} tells: the newest run, and the schedule with its state.
-- $1 model_id
-- Returns one row. `scheduled` is false, and the schedule's columns are null, where the model has no schedule;
-- scheduled_time is null where it has no run.
SELECT
  schedule.model_id IS NOT NULL AS scheduled, schedule.name,
  coalesce(state.enabled AND state.stale_at <= now(), false) AS data_stale,
  CASE WHEN state.same_data_since < state.newest_run THEN state.same_data_since END AS same_data_since,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('rule', rule, 'severity', severity, 'since', since) ORDER BY since), '[]')
    FROM alerts WHERE alerts.model_id = $1 AND alerts.state = 'firing') AS alerts,
  schedule.cron_expression, schedule.timezone, schedule.enabled, schedule.reference,
  coalesce(state.missed_at IS NOT NULL OR state.expected_by < now() AND NOT EXISTS (
    -- Runs that overtook each other: watch has not moved the state on yet.
    SELECT FROM runs
    WHERE runs.model_id = $1 AND scheduled_time >= state.next_due AND trigger = 'schedule' AND status <> 'missed'
  ) AND state.next_due IS NOT NULL, false) AS stale,
  asked.model_id, newest.scheduled_time, newest.status, newest.accuracy, newest.n_samples, newest.results_id,
  newest.data_timestamp, newest.error, newest.finished_at, newest.details, newest.revision, newest.window_start,
  newest.window_end,
  coalesce(newest.data_deleted OR newest.results_id IS NOT NULL
    AND (SELECT id FROM results WHERE results.id = newest.results_id) IS NULL, false) AS data_deleted
FROM (SELECT $1::uuid AS model_id) AS asked
LEFT JOIN metrics_executions AS schedule ON schedule.model_id = asked.model_id
LEFT JOIN model_states AS state ON state.model_id = asked.model_id
LEFT JOIN LATERAL (
  SELECT * FROM runs
  WHERE runs.model_id = asked.model_id AND runs.status <> 'missed'
  ORDER BY scheduled_time DESC
  LIMIT 1
) AS newest ON true;
