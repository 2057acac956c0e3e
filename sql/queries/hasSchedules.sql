-- Whether there are so many schedules, or more.
-- $1 how many
-- Returns one row if there are.
SELECT 1 FROM metrics_executions OFFSET $1 - 1 LIMIT 1;
