-- Of some models: the newest run, and the accuracies of the last runs, oldest first, rounded to four digits.
-- $1 model_ids; $2 the due time of the newest run of each, so that later ones are left out; $3 how many accuracies
SELECT page.model_id, newest.n_samples, newest.data_timestamp, newest.error, newest.finished_at, recent.accuracies
FROM unnest($1::uuid[], $2::timestamptz[]) AS page (model_id, newest_run)
JOIN runs AS newest ON newest.model_id = page.model_id AND newest.scheduled_time = page.newest_run
CROSS JOIN LATERAL (
  SELECT array_agg(round(accuracy::numeric, 4)::double precision ORDER BY scheduled_time) AS accuracies
  FROM (
    SELECT scheduled_time, accuracy
    FROM runs
    WHERE model_id = page.model_id AND scheduled_time <= page.newest_run
    ORDER BY scheduled_time DESC
    LIMIT $3
  ) AS last
) AS recent;
