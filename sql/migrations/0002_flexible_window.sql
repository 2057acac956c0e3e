-- Up Migration

ALTER TABLE metrics_executions ADD COLUMN flexible_window_minutes smallint NOT NULL DEFAULT 0
  CHECK (flexible_window_minutes BETWEEN 0 AND 1440);
COMMENT ON COLUMN metrics_executions.flexible_window_minutes IS 'A run may start up to so much later than its due time';

-- Down Migration

ALTER TABLE metrics_executions DROP COLUMN flexible_window_minutes;
