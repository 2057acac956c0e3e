-- Makes the partition of the coming month of runs, and drops the oldest month that is not kept.
-- $1 how many days are kept
-- Returns how many it dropped: 1, or 0 where there is no other.
SELECT keep_run_months($1) AS dropped;
