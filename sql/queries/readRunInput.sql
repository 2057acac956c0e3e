-- All that a run needs, in one round trip: the schedule, the run of this due time if it is already recorded,
-- and, if it is not, the newest sample row (one probe of index results_newest).
-- $1 model_id, $2 scheduled_time
-- Returns one row, or none for a model without a schedule.
SELECT schedule.cron_expression, schedule.timezone, schedule.enabled, schedule.updated_at,
  run.model_id IS NOT NULL AS recorded,
  sample.id AS results_id, sample."timestamp" AS data_timestamp,
  sample.y_true::text AS y_true, sample.y_pred::text AS y_pred
FROM metrics_executions AS schedule
LEFT JOIN runs AS run ON run.model_id = schedule.model_id AND run.scheduled_time = $2
LEFT JOIN LATERAL (
  SELECT id, "timestamp", y_true, y_pred
  FROM results
  WHERE model_id = schedule.model_id AND run.model_id IS NULL
  ORDER BY "timestamp" DESC, id DESC
  LIMIT 1
) AS sample ON true
WHERE schedule.model_id = $1;
