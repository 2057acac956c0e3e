-- Up Migration

ALTER TABLE metrics_executions ADD COLUMN catch_up text NOT NULL DEFAULT 'last'
  CHECK (catch_up IN ('none', 'last', 'all'));
COMMENT ON COLUMN metrics_executions.catch_up IS 'Which missed due times are run late: none, the last one, or all';

-- NOT VALID: the rows that are there met a narrower condition, so none of them need be read.
ALTER TABLE runs
  ADD COLUMN missed_before integer,
  ADD COLUMN catch_up_at timestamptz,
  ADD COLUMN details jsonb,
  DROP CONSTRAINT runs_status_check,
  ADD CONSTRAINT runs_status_check CHECK (status IN ('ok', 'no_data', 'invalid_data', 'missed')) NOT VALID;
COMMENT ON COLUMN runs.status IS 'missed: the run did not come in time; a late one takes this row';
COMMENT ON COLUMN runs.finished_at IS 'Of a missed run: when it counts as missed';
COMMENT ON COLUMN runs.missed_before IS 'How many due times before this one were missed and have no row of their own';
COMMENT ON COLUMN runs.catch_up_at IS 'When watch invokes this missed run, again if need be; null: not';

CREATE INDEX runs_missed ON runs (model_id, scheduled_time) WHERE status = 'missed' OR missed_before IS NOT NULL;
CREATE INDEX runs_catch_up ON runs (catch_up_at) WHERE catch_up_at IS NOT NULL;

-- In the order of a list that shows first what needs looking at.
CREATE TYPE model_status AS ENUM ('invalid_data', 'stale', 'insufficient_data', 'no_data', 'pending', 'ok', 'paused');

CREATE TABLE model_states (
  model_id uuid PRIMARY KEY REFERENCES metrics_executions (model_id) ON DELETE CASCADE,
  enabled boolean NOT NULL,
  -- Milliseconds, as JavaScript has them: a run compares it with what it has read.
  effective_from timestamptz(3) NOT NULL,
  next_due timestamptz,
  expected_by timestamptz,
  missed_at timestamptz,
  newest_run timestamptz,
  newest_status model_status,
  results_id bigint,
  data_timestamp timestamptz,
  accuracy double precision,
  accuracy_before double precision,
  change double precision GENERATED ALWAYS AS (accuracy - accuracy_before) STORED,
  status model_status NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN NOT enabled THEN 'paused'::model_status
      WHEN missed_at IS NOT NULL THEN 'stale'::model_status
      ELSE coalesce(newest_status, 'pending'::model_status)
    END
  ) STORED
);
COMMENT ON TABLE model_states IS 'How each scheduled model stands now: a row for each of metrics_executions';
COMMENT ON COLUMN model_states.effective_from IS 'Since when cron expression, time zone and enabled are as they are';
COMMENT ON COLUMN model_states.next_due IS 'The first due time not accounted for; null: none, or watch has to work it out';
COMMENT ON COLUMN model_states.expected_by IS 'When watch looks after this model; null: never';
COMMENT ON COLUMN model_states.missed_at IS 'The newest missed due time, if no later one has run';
COMMENT ON COLUMN model_states.newest_run IS 'Its scheduled_time; the next five columns are of this run';
COMMENT ON COLUMN model_states.accuracy_before IS 'The accuracy of the newest run over another sample row';

CREATE INDEX model_states_expected_by ON model_states (expected_by);
-- For the pages of the overview, by each sort key, of all models and of those of one status.
CREATE INDEX model_states_status ON model_states (status, model_id);
CREATE INDEX model_states_accuracy ON model_states (accuracy, model_id);
CREATE INDEX model_states_change ON model_states (change, model_id);
CREATE INDEX model_states_newest_run ON model_states (newest_run, model_id);
CREATE INDEX model_states_next_due ON model_states (next_due, model_id);
CREATE INDEX model_states_status_accuracy ON model_states (status, accuracy, model_id);
CREATE INDEX model_states_status_change ON model_states (status, change, model_id);
CREATE INDEX model_states_status_newest_run ON model_states (status, newest_run, model_id);
CREATE INDEX model_states_status_next_due ON model_states (status, next_due, model_id);

-- The number of models with each status is the sum of these rows. A change of status adds rows, so that no transaction
-- waits for another; watch adds them up.
CREATE TABLE status_counts (
  status model_status NOT NULL,
  models bigint NOT NULL
);

CREATE FUNCTION count_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN INSERT INTO status_counts VALUES (OLD.status, -1); END IF;
  IF TG_OP <> 'DELETE' THEN INSERT INTO status_counts VALUES (NEW.status, 1); END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER count_new_status AFTER INSERT OR DELETE ON model_states
  FOR EACH ROW EXECUTE FUNCTION count_status();
CREATE TRIGGER count_changed_status AFTER UPDATE ON model_states
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION count_status();

-- For watch. Deleted rows take space until they are vacuumed; after a million changes that takes too long.
CREATE FUNCTION sum_status_counts() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  counts jsonb;
BEGIN
  IF pg_relation_size('status_counts') < 1048576 THEN
    WITH old AS (DELETE FROM status_counts RETURNING status, models)
    INSERT INTO status_counts SELECT status, sum(models) FROM old GROUP BY status HAVING sum(models) <> 0;
    RETURN;
  END IF;
  PERFORM set_config('lock_timeout', '100ms', true);
  LOCK TABLE status_counts IN ACCESS EXCLUSIVE MODE;
  counts := (
    SELECT jsonb_object_agg(status, models)
    FROM (SELECT status, sum(models) AS models FROM status_counts GROUP BY status) AS by_status
  );
  TRUNCATE status_counts;
  INSERT INTO status_counts SELECT key::model_status, value::bigint FROM jsonb_each_text(counts);
EXCEPTION WHEN lock_not_available THEN
  NULL; -- another transaction holds the table: the next minute will do
END
$$;

-- Every schedule has a state, also one that is written by hand. Only the application can read cron expressions, so watch
-- works out its next due time: until then next_due is null, and expected_by is now.
CREATE FUNCTION follow_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE runs SET catch_up_at = NULL WHERE model_id = OLD.model_id AND status = 'missed' AND catch_up_at IS NOT NULL;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO model_states (model_id, enabled, effective_from, expected_by)
    VALUES (NEW.model_id, NEW.enabled, NEW.updated_at, now());
  ELSIF (OLD.cron_expression, OLD.timezone, OLD.enabled) <> (NEW.cron_expression, NEW.timezone, NEW.enabled) THEN
    UPDATE model_states
    SET enabled = NEW.enabled, effective_from = clock_timestamp(), next_due = NULL, expected_by = now(),
      missed_at = CASE WHEN NEW.enabled THEN missed_at END
    WHERE model_id = NEW.model_id;
  ELSE
    UPDATE model_states
    SET expected_by = greatest(expected_by, next_due + (NEW.flexible_window_minutes + 2) * interval '1 minute')
    WHERE model_id = NEW.model_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER follow_new_schedule AFTER INSERT OR DELETE ON metrics_executions
  FOR EACH ROW EXECUTE FUNCTION follow_schedule();
CREATE TRIGGER follow_changed_schedule AFTER UPDATE ON metrics_executions
  FOR EACH ROW
  WHEN ((OLD.cron_expression, OLD.timezone, OLD.enabled, OLD.flexible_window_minutes)
    IS DISTINCT FROM (NEW.cron_expression, NEW.timezone, NEW.enabled, NEW.flexible_window_minutes))
  EXECUTE FUNCTION follow_schedule();

-- The schedules that are there. What they missed before this was not recorded; watch counts from the newest run on.
INSERT INTO model_states (model_id, enabled, effective_from, expected_by, newest_run, newest_status, results_id,
  data_timestamp, accuracy)
SELECT schedule.model_id, schedule.enabled, schedule.updated_at, now(), newest.scheduled_time,
  newest.status::model_status, newest.results_id, newest.data_timestamp, newest.accuracy
FROM metrics_executions AS schedule
LEFT JOIN LATERAL (
  SELECT * FROM runs WHERE model_id = schedule.model_id ORDER BY scheduled_time DESC LIMIT 1
) AS newest ON true;

-- What runs by itself says here how it went, for GET /health.
CREATE TABLE service_states (
  name text PRIMARY KEY,
  finished_at timestamptz NOT NULL,
  outcome jsonb NOT NULL
);
COMMENT ON TABLE service_states IS 'When watch, reconcile and prune ended last, and what they found';

-- Down Migration

DROP TABLE service_states;
DROP TRIGGER follow_new_schedule ON metrics_executions;
DROP TRIGGER follow_changed_schedule ON metrics_executions;
DROP FUNCTION follow_schedule;
DROP TABLE model_states, status_counts;
DROP FUNCTION count_status, sum_status_counts;
DROP TYPE model_status;
DELETE FROM runs WHERE status = 'missed';
ALTER TABLE runs
  DROP COLUMN missed_before,
  DROP COLUMN catch_up_at,
  DROP COLUMN details,
  DROP CONSTRAINT runs_status_check,
  ADD CONSTRAINT runs_status_check CHECK (status IN ('ok', 'no_data', 'invalid_data')) NOT VALID;
ALTER TABLE metrics_executions DROP COLUMN catch_up;
