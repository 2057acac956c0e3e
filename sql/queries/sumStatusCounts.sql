-- Puts the rows of status_counts together.
WITH old AS (DELETE FROM status_counts RETURNING status, models)
INSERT INTO status_counts SELECT status, sum(models) FROM old GROUP BY status HAVING sum(models) <> 0;
