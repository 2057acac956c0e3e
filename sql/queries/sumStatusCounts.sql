-- Puts the rows of status_counts together, so that there are few to sum.
SELECT sum_status_counts();
