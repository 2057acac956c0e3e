-- Takes runs that are to be computed again now, and says when to take them again if nothing comes of it. A model that no
-- longer looks at windows has none.
-- $1 how many
UPDATE due_revisions AS due SET revise_at = now() + interval '10 minutes', taken = true
FROM (
  SELECT due.model_id, due.scheduled_time
  FROM due_revisions AS due
  JOIN metrics_executions AS schedule USING (model_id)
  WHERE due.revise_at <= now() AND schedule.data <> '"newest_row"'
    AND due.scheduled_time > now() - schedule.revise_for::interval
  ORDER BY due.revise_at
  LIMIT $1
  FOR UPDATE OF due SKIP LOCKED
) AS taken
WHERE due.model_id = taken.model_id AND due.scheduled_time = taken.scheduled_time
RETURNING due.model_id, due.scheduled_time;
