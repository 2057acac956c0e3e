-- What the overview tells of some models, in their order: the schedule, how the model stands, its newest run, and the
-- accuracies of its last runs, oldest first, rounded to four digits.
-- $1 model_ids; $2 how many accuracies
SELECT schedule.model_id, schedule.cron_expression, schedule.timezone, schedule.enabled,
  state.status, state.accuracy, state.change, state.newest_run, state.data_timestamp,
  newest.n_samples, newest.error, newest.finished_at, recent.accuracies
FROM unnest($1::uuid[]) WITH ORDINALITY AS page (model_id, place)
JOIN metrics_executions AS schedule ON schedule.model_id = page.model_id
JOIN model_states AS state ON state.model_id = page.model_id
LEFT JOIN runs AS newest ON newest.model_id = page.model_id AND newest.scheduled_time = state.newest_run
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(round(accuracy::numeric, 4)::double precision ORDER BY scheduled_time), '{}') AS accuracies
  FROM (
    SELECT scheduled_time, accuracy
    FROM runs
    WHERE runs.model_id = page.model_id AND scheduled_time <= coalesce(state.newest_run, 'infinity')
      AND (status <> 'missed' OR finished_at <= now())
    ORDER BY scheduled_time DESC
    LIMIT $2
  ) AS last
) AS recent
ORDER BY place;
