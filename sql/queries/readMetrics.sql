-- What GET /metrics tells, in one row: each scheduled model, how many there are of each status, what runs by itself, what is
-- waiting, and the due times of the last five minutes.
-- Returns models: an object each, with the ages of its newest data and run in seconds, how many of its alerts are firing, and
-- the metrics of that run; statuses, deliveries and runs: how many, by status; lateness and duration: quantiles in seconds.
WITH firing AS MATERIALIZED (
  SELECT model_id, count(*) AS alerts FROM alerts WHERE state = 'firing' GROUP BY model_id
), recent AS MATERIALIZED (
  SELECT status, trigger, extract(epoch FROM started_at - scheduled_time)::double precision AS lateness,
    extract(epoch FROM finished_at - started_at)::double precision AS duration
  FROM runs
  WHERE scheduled_time > now() - interval '5 minutes' AND scheduled_time <= now()
    AND (status <> 'missed' OR finished_at <= now())
), measured AS (
  SELECT percentile_cont(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY lateness) FILTER (WHERE trigger = 'schedule') AS lateness,
    percentile_cont(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY duration) AS duration
  FROM recent
  WHERE status <> 'missed'
)
SELECT
  coalesce((
    SELECT json_agg(json_build_object(
      'model_id', state.model_id, 'name', schedule.name, 'status', state.status,
      'stale', state.missed_at IS NOT NULL AND state.enabled,
      'data_age', extract(epoch FROM now() - state.data_timestamp),
      'run_age', extract(epoch FROM now() - state.newest_run),
      'alerts', coalesce(firing.alerts, 0),
      'metrics', coalesce(newest.details -> 'metrics', jsonb_build_object('accuracy', newest.accuracy))))
    FROM model_states AS state
    JOIN metrics_executions AS schedule USING (model_id)
    LEFT JOIN firing USING (model_id)
    LEFT JOIN runs AS newest ON newest.model_id = state.model_id AND newest.scheduled_time = state.newest_run
      AND newest.status <> 'missed'
  ), '[]')::text AS models,
  coalesce((SELECT jsonb_object_agg(status, models)
    FROM (SELECT status, sum(models) AS models FROM status_counts GROUP BY status) AS by_status), '{}') AS statuses,
  coalesce((SELECT jsonb_object_agg(name, extract(epoch FROM finished_at)) FROM service_states), '{}') AS services,
  (SELECT count(*) FROM model_states WHERE expected_by < now())::int AS overdue,
  (SELECT count(*) FROM runs WHERE catch_up_at IS NOT NULL)::int AS catch_ups,
  jsonb_build_object('waiting', (SELECT count(*) FROM alert_deliveries WHERE state = 'waiting'),
    'dead', (SELECT count(*) FROM alert_deliveries WHERE state = 'dead')) AS deliveries,
  coalesce((SELECT jsonb_object_agg(status, n) FROM (SELECT status, count(*) AS n FROM recent GROUP BY status) AS by_status),
    '{}') AS runs,
  coalesce(lateness, '{}') AS lateness, coalesce(duration, '{}') AS duration
FROM measured;
