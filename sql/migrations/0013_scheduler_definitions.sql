-- Up Migration

CREATE TABLE scheduler_definitions (
  model_id uuid PRIMARY KEY REFERENCES metrics_executions (model_id) ON DELETE CASCADE,
  digest text NOT NULL,
  modified_at timestamptz NOT NULL
);
COMMENT ON TABLE scheduler_definitions IS
  'Schedules that reconcile has found right in EventBridge Scheduler: it reads again those that have changed since';
COMMENT ON COLUMN scheduler_definitions.digest IS 'Of the definition that it has there';
COMMENT ON COLUMN scheduler_definitions.modified_at IS 'Its LastModificationDate there';

-- Down Migration

DROP TABLE scheduler_definitions;
