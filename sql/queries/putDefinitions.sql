-- Notes what reconcile has found right in the Scheduler; a schedule that goes meanwhile is left out, without waiting for it.
-- $1 model_ids, $2 digests of their definitions, $3 when each was modified in the Scheduler
INSERT INTO scheduler_definitions AS known (model_id, digest, modified_at)
SELECT model_id, digest, modified_at
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS found (model_id, digest, modified_at)
JOIN metrics_executions AS schedule USING (model_id)
ORDER BY model_id
FOR KEY SHARE OF schedule SKIP LOCKED
ON CONFLICT (model_id) DO UPDATE SET digest = excluded.digest, modified_at = excluded.modified_at;
