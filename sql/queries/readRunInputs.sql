-- All that runs need, in one round trip: the schedule, the run of the due time if it is already recorded, and, if it is
-- not, the newest sample row (one probe of index results_newest).
-- $1 model_ids, $2 their scheduled_times, $3 how many bytes a sample row may have on disk to be read here
-- Returns a row for each run whose model has a schedule, n being its place in $1. `large` is true, and y_true and y_pred
-- are null, where the sample row has more than $3 bytes: copyLabels.sql reads that.
-- (SELECT $1) hides how many runs are asked for, so that one plan is kept; LIMIT 1 makes it probe the indexes for each.
SELECT asked.n::int, input.*
FROM unnest((SELECT $1::uuid[]), (SELECT $2::timestamptz[])) WITH ORDINALITY AS asked (model_id, scheduled_time, n),
LATERAL (
  SELECT schedule.cron_expression, schedule.timezone, schedule.enabled, schedule.updated_at,
    run.model_id IS NOT NULL AS recorded,
    sample.id AS results_id, sample."timestamp" AS data_timestamp, coalesce(sample.large, false) AS large,
    sample.y_true, sample.y_pred
  FROM metrics_executions AS schedule
  LEFT JOIN runs AS run ON run.model_id = schedule.model_id AND run.scheduled_time = asked.scheduled_time
  LEFT JOIN LATERAL (
    SELECT id, "timestamp", large,
      CASE WHEN NOT large THEN y_true END AS y_true,
      CASE WHEN NOT large THEN y_pred END AS y_pred
    FROM results, LATERAL (SELECT pg_column_size(y_true) + pg_column_size(y_pred) > $3) AS size (large)
    WHERE model_id = schedule.model_id AND run.model_id IS NULL
    ORDER BY "timestamp" DESC, id DESC
    LIMIT 1
  ) AS sample ON true
  WHERE schedule.model_id = asked.model_id
  LIMIT 1
) AS input;
