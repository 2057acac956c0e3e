-- Up Migration

-- 'infinity' would be the newest row of its model for ever, and is no time that can be told.
ALTER TABLE results ADD CONSTRAINT results_timestamp_finite CHECK (isfinite("timestamp"));

-- Down Migration

ALTER TABLE results DROP CONSTRAINT results_timestamp_finite;
