-- What reconcile has found right in the Scheduler before.
-- $1 the model_ids of a page of schedules
SELECT model_id, digest, modified_at FROM scheduler_definitions WHERE model_id = ANY ($1::uuid[]);
