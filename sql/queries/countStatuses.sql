-- How many models there are of each status.
SELECT status, sum(models)::int AS models FROM status_counts GROUP BY status;
