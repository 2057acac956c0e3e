-- What the overview tells of some models, in their order: the schedule, how the model stands, its newest run, and the values
-- of its first metric in its last runs, oldest first, rounded to four significant digits.
-- $1 model_ids; $2 how many values
SELECT schedule.model_id, schedule.name, schedule.tags, schedule.cron_expression, schedule.timezone, schedule.enabled,
  coalesce(state.enabled AND state.stale_at <= now(), false) AS data_stale,
  ARRAY(SELECT rule FROM alerts WHERE alerts.model_id = page.model_id AND alerts.state = 'firing' ORDER BY rule) AS alerts,
  state.status, state.metric, state.value, state.change, state.newest_run, state.data_timestamp,
  newest.n_samples, newest.error, newest.finished_at, recent.values
-- A subquery, or PostgreSQL would plan the statement anew for each page, by how many models it has.
FROM unnest((SELECT $1::uuid[])) WITH ORDINALITY AS page (model_id, place)
JOIN metrics_executions AS schedule ON schedule.model_id = page.model_id
JOIN model_states AS state ON state.model_id = page.model_id
LEFT JOIN runs AS newest ON newest.model_id = page.model_id AND newest.scheduled_time = state.newest_run
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(to_char(value, '9.999EEEE')::double precision ORDER BY scheduled_time), '{}') AS values
  FROM (
    SELECT scheduled_time, CASE WHEN state.metric = 'accuracy' THEN runs.accuracy
      ELSE (details -> 'metrics' ->> state.metric)::double precision END AS value
    FROM runs
    WHERE runs.model_id = page.model_id AND scheduled_time <= coalesce(state.newest_run, 'infinity')
      AND (status <> 'missed' OR finished_at <= now())
    ORDER BY scheduled_time DESC
    LIMIT $2
  ) AS last
) AS recent
ORDER BY place;
