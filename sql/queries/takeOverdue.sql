-- Some models in which a due time is overdue, or whose plan is to be made, locked until commit.
-- $1 how many
SELECT model_id, cron_expression, timezone, state.enabled, flexible_window_minutes, catch_up, effective_from, next_due,
  (SELECT max(scheduled_time) FROM runs WHERE runs.model_id = state.model_id AND trigger = 'schedule' AND next_due IS NULL)
    AS newest_scheduled_run,
  ARRAY(
    SELECT extract(epoch FROM scheduled_time)::double precision FROM runs
    WHERE runs.model_id = state.model_id AND scheduled_time >= next_due AND trigger = 'schedule'
  ) AS recorded
FROM model_states AS state
JOIN metrics_executions AS schedule USING (model_id)
WHERE expected_by <= now()
ORDER BY expected_by
LIMIT $1
FOR UPDATE OF state SKIP LOCKED;
