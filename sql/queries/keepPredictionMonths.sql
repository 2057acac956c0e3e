-- Makes the partitions of coming months and drops those of months that are not kept.
-- $1 how many days are kept
-- Returns how many were dropped.
SELECT keep_prediction_months($1) AS dropped;
