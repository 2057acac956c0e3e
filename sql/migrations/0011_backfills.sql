-- Up Migration

ALTER TABLE runs
  DROP CONSTRAINT runs_trigger_check,
  ADD CONSTRAINT runs_trigger_check CHECK (trigger IN ('schedule', 'manual', 'backfill')) NOT VALID;

CREATE TABLE backfills (
  model_id uuid PRIMARY KEY REFERENCES metrics_executions (model_id) ON DELETE CASCADE,
  from_time timestamptz NOT NULL,
  to_time timestamptz NOT NULL CHECK (to_time >= from_time),
  total integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  cancelled integer
);
COMMENT ON TABLE backfills IS 'The newest backfill of each model: runs for due times that have passed';
COMMENT ON COLUMN backfills.cancelled IS 'How many due times were left when somebody cancelled it';

CREATE TABLE due_backfills (
  model_id uuid NOT NULL REFERENCES backfills (model_id) ON DELETE CASCADE,
  scheduled_time timestamptz NOT NULL,
  take_at timestamptz DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  error text,
  PRIMARY KEY (model_id, scheduled_time)
);
COMMENT ON TABLE due_backfills IS 'The due times that have not been run yet';
COMMENT ON COLUMN due_backfills.take_at IS 'When watch runs it; null: never again, as every attempt failed';
CREATE INDEX due_backfills_take_at ON due_backfills (take_at, scheduled_time);

-- Down Migration

DROP TABLE due_backfills, backfills;
UPDATE runs SET trigger = 'manual' WHERE trigger = 'backfill';
ALTER TABLE runs
  DROP CONSTRAINT runs_trigger_check,
  ADD CONSTRAINT runs_trigger_check CHECK (trigger IN ('schedule', 'manual')) NOT VALID;
