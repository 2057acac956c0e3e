-- Up Migration

ALTER TABLE metrics_executions
  ADD COLUMN task text NOT NULL DEFAULT 'classification'
    CHECK (task IN ('classification', 'multilabel', 'regression')),
  ADD COLUMN metrics jsonb NOT NULL DEFAULT '["accuracy"]' CHECK (jsonb_typeof(metrics) = 'array'),
  ADD COLUMN pos_label jsonb,
  ADD COLUMN labels jsonb,
  ADD COLUMN reference jsonb;
COMMENT ON COLUMN metrics_executions.metrics IS 'Names of metrics, or objects with a name and parameters; the first one is the model''s value';
COMMENT ON COLUMN metrics_executions.reference IS 'A run that others are compared with: scheduled_time, metrics, intervals';

ALTER TABLE results ADD COLUMN y_score json;
DO $$
BEGIN
  IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
    ALTER TABLE results ALTER COLUMN y_score SET COMPRESSION lz4;
  END IF;
END
$$;
COMMENT ON COLUMN results.y_score IS 'Scores or probabilities: a number, or a list of one for each class, for each sample';

-- A run may look at data and have no accuracy: a regression, or labels that have not come yet.
ALTER TABLE runs
  DROP CONSTRAINT runs_check,
  DROP CONSTRAINT runs_check1,
  DROP CONSTRAINT runs_status_check,
  ADD CONSTRAINT runs_status_check
    CHECK (status IN ('ok', 'no_data', 'invalid_data', 'insufficient_data', 'missed')) NOT VALID,
  ADD CONSTRAINT runs_accuracy_check CHECK (accuracy IS NULL OR status = 'ok') NOT VALID,
  ADD CONSTRAINT runs_error_check
    CHECK ((status IN ('invalid_data', 'insufficient_data')) = (error IS NOT NULL)) NOT VALID;

-- A list is sorted by each model's first metric, whichever that is.
ALTER TABLE model_states ADD COLUMN metric text NOT NULL DEFAULT 'accuracy';
ALTER TABLE model_states RENAME COLUMN accuracy TO value;
ALTER TABLE model_states RENAME COLUMN accuracy_before TO value_before;
ALTER INDEX model_states_accuracy RENAME TO model_states_value;
ALTER INDEX model_states_status_accuracy RENAME TO model_states_status_value;
COMMENT ON COLUMN model_states.metric IS 'The key of the model''s first metric, of which value and value_before are';
COMMENT ON COLUMN model_states.value_before IS 'The value of the newest run over another sample row';

-- Down Migration

ALTER TABLE model_states DROP COLUMN metric;
ALTER TABLE model_states RENAME COLUMN value TO accuracy;
ALTER TABLE model_states RENAME COLUMN value_before TO accuracy_before;
ALTER INDEX model_states_value RENAME TO model_states_accuracy;
ALTER INDEX model_states_status_value RENAME TO model_states_status_accuracy;
DELETE FROM runs WHERE status = 'insufficient_data' OR (status = 'ok' AND accuracy IS NULL);
ALTER TABLE runs
  DROP CONSTRAINT runs_accuracy_check,
  DROP CONSTRAINT runs_error_check,
  DROP CONSTRAINT runs_status_check,
  ADD CONSTRAINT runs_status_check CHECK (status IN ('ok', 'no_data', 'invalid_data', 'missed')) NOT VALID,
  ADD CONSTRAINT runs_check CHECK ((status = 'ok') = (accuracy IS NOT NULL)) NOT VALID,
  ADD CONSTRAINT runs_check1 CHECK ((status = 'invalid_data') = (error IS NOT NULL)) NOT VALID;
ALTER TABLE results DROP COLUMN y_score;
ALTER TABLE metrics_executions
  DROP COLUMN task, DROP COLUMN metrics, DROP COLUMN pos_label, DROP COLUMN labels, DROP COLUMN reference;
