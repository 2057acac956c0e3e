-- Gives up what waits for channels that there are no more.
-- $1 names of the channels that there are
UPDATE alert_deliveries SET state = 'dead', ended_at = clock_timestamp(), error = 'there is no such channel any more'
WHERE state = 'waiting' AND channel <> ALL ($1::text[]);
