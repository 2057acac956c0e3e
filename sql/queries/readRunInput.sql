-- All that a run needs: the schedule, whether the due time has a run, and, if it has none, the newest sample row.
-- $1 model_id, $2 scheduled_time, $3 how many bytes on disk a sample row may have to be read here, $4 whether the data is
-- that of $2, and not the newest that there is
-- Returns no row for a model without a schedule. `large` is true, and y_true, y_pred and y_score are null, where the
-- sample row has more than $3 bytes: copyLabels.sql reads that. `scored` says whether it has a y_score. A sample row of
-- a time to come is left aside until then: future_rows counts those, up to 1,000, and future_results_id is the first.
SELECT schedule.cron_expression, schedule.timezone, schedule.enabled, schedule.flexible_window_minutes,
  schedule.task, schedule.metrics, schedule.pos_label, schedule.labels, schedule.data, schedule.min_samples,
  schedule.min_coverage, schedule.segments, state.effective_from,
  run.model_id IS NOT NULL AS recorded, run.trigger AS recorded_trigger, run.revision, run.window_start, run.window_end,
  sample.id AS results_id, sample."timestamp" AS data_timestamp, coalesce(sample.large, false) AS large,
  sample.y_true, sample.y_pred, sample.y_score, coalesce(sample.scored, false) AS scored,
  future.rows AS future_rows, future.first_id AS future_results_id
FROM metrics_executions AS schedule
JOIN model_states AS state ON state.model_id = schedule.model_id
LEFT JOIN runs AS run
  ON run.model_id = schedule.model_id AND run.status <> 'missed'
    -- A subquery, or PostgreSQL would plan the statement anew for each run, to find the month of its due time.
    AND run.scheduled_time = (SELECT $2::timestamptz)
LEFT JOIN LATERAL (
  SELECT id, "timestamp", large, y_score IS NOT NULL AS scored,
    CASE WHEN NOT large THEN y_true END AS y_true,
    CASE WHEN NOT large THEN y_pred END AS y_pred,
    CASE WHEN NOT large THEN y_score END AS y_score
  FROM results, LATERAL (
    SELECT pg_column_size(y_true) + pg_column_size(y_pred) + coalesce(pg_column_size(y_score), 0) > $3
  ) AS size (large)
  WHERE model_id = schedule.model_id AND run.model_id IS NULL AND schedule.data = '"newest_row"'
    AND "timestamp" BETWEEN '0001-01-01' AND CASE WHEN $4 THEN $2 ELSE now() + interval '5 minutes' END
  ORDER BY "timestamp" DESC, id DESC
  LIMIT 1
) AS sample ON true
CROSS JOIN LATERAL (
  SELECT count(*)::int AS rows, min(id) AS first_id
  FROM (
    SELECT id FROM results
    WHERE model_id = schedule.model_id AND "timestamp" > now() + interval '5 minutes' AND NOT $4
    LIMIT 1000
  ) AS future
) AS future
WHERE schedule.model_id = $1;
