-- Up Migration

ALTER TABLE metrics_executions
  ADD COLUMN data jsonb NOT NULL DEFAULT '"newest_row"',
  ADD COLUMN min_samples integer CHECK (min_samples > 0),
  ADD COLUMN min_coverage double precision CHECK (min_coverage BETWEEN 0 AND 1),
  ADD COLUMN segments text[] NOT NULL DEFAULT '{}',
  ADD COLUMN revise_for text NOT NULL DEFAULT 'P7D';
COMMENT ON COLUMN metrics_executions.data IS
  'What a run looks at: "newest_row", {"window": "P1D", "delay": "PT6H"}, or {"last": 1000} labelled predictions';
COMMENT ON COLUMN metrics_executions.revise_for IS 'ISO 8601: how long after its due time a run follows changes of labels';

-- Predictions by an id of the caller's, each with its label once that has come.
CREATE TABLE predictions (
  model_id uuid NOT NULL,
  id text NOT NULL CHECK (length(id) BETWEEN 1 AND 200),
  "timestamp" timestamptz NOT NULL DEFAULT now() CHECK (isfinite("timestamp")),
  y_pred json NOT NULL,
  y_score json,
  y_true json,
  label_timestamp timestamptz CHECK (isfinite(label_timestamp)),
  segments jsonb CHECK (jsonb_typeof(segments) = 'object'),
  PRIMARY KEY (model_id, id, "timestamp")
) PARTITION BY RANGE ("timestamp");
CREATE INDEX predictions_window ON predictions (model_id, "timestamp");
COMMENT ON TABLE predictions IS 'Predictions by id; an id is there once for each model, whatever its time';
COMMENT ON COLUMN predictions."timestamp" IS 'When the prediction was made: windows go by it';
COMMENT ON COLUMN predictions.label_timestamp IS 'When the label became known: of two labels the later one counts';
COMMENT ON COLUMN predictions.segments IS 'Other columns, by which metrics can be told apart: {"country": "DE"}';

CREATE TABLE predictions_other PARTITION OF predictions DEFAULT;
COMMENT ON TABLE predictions_other IS 'Predictions of months that have no partition';

-- A label that is inserted goes to its prediction; without one it waits here.
CREATE TABLE labels (
  model_id uuid NOT NULL,
  id text NOT NULL CHECK (length(id) BETWEEN 1 AND 200),
  y_true json NOT NULL,
  "timestamp" timestamptz NOT NULL DEFAULT now() CHECK (isfinite("timestamp")),
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model_id, id)
);
CREATE INDEX labels_oldest ON labels (received_at);
COMMENT ON TABLE labels IS 'Labels that wait for their prediction';

CREATE VIEW prediction_labels AS
SELECT model_id, id, "timestamp", y_pred, y_score, y_true, label_timestamp, segments,
  CASE WHEN y_true IS NULL THEN 'unlabelled' ELSE 'labelled' END AS state
FROM predictions
UNION ALL
SELECT model_id, id, NULL, NULL, NULL, y_true, "timestamp", NULL, 'waiting' FROM labels;
COMMENT ON VIEW prediction_labels IS 'Predictions with their labels, and the labels that wait for a prediction';

-- Whether two labels are spelt alike or are the same number, of those that a numeric holds.
CREATE FUNCTION same_label(a json, b json) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT a::text = b::text
    OR CASE WHEN concat_ws(' ', a, b) ~ '^-?[0-9.]+([eE][-+]?[0-9]{1,3})? -?[0-9.]+([eE][-+]?[0-9]{1,3})?$'
      THEN a::text::numeric = b::text::numeric ELSE false END
$$;

-- Those who change predictions of one model take turns: else a label and its prediction that come at the same moment would
-- not see each other, and an id could be there twice.
CREATE FUNCTION take_turn_at_predictions(model uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('predictions ' || model, 0))
$$;

-- The primary key has the time, as that of a partitioned table must: so it lets an id pass with another time.
-- The API has looked already, and says so by the setting cyclic.ids_checked.
CREATE FUNCTION refuse_known_ids() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  known text;
BEGIN
  PERFORM take_turn_at_predictions(model_id) FROM (SELECT DISTINCT model_id FROM added ORDER BY model_id) AS models;
  known := (
    SELECT string_agg(id, ', ') FROM (
      SELECT DISTINCT added.id FROM added
      JOIN predictions AS other ON other.model_id = added.model_id AND other.id = added.id
        AND other."timestamp" <> added."timestamp"
      LIMIT 20
    ) AS twice
  );
  IF known IS NOT NULL THEN
    RAISE unique_violation USING MESSAGE = 'predictions with these ids are there already: ' || known;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER a_refuse_known_ids AFTER INSERT ON predictions REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT WHEN (current_setting('cyclic.ids_checked', true) IS DISTINCT FROM 'yes')
  EXECUTE FUNCTION refuse_known_ids();

CREATE FUNCTION fetch_waiting_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH taken AS (
    DELETE FROM labels USING added
    WHERE labels.model_id = added.model_id AND labels.id = added.id
    RETURNING labels.*, added."timestamp" AS predicted_at
  )
  UPDATE predictions AS prediction SET y_true = taken.y_true, label_timestamp = taken."timestamp"
  FROM taken
  WHERE prediction.model_id = taken.model_id AND prediction.id = taken.id
    AND prediction."timestamp" = taken.predicted_at
    AND (prediction.y_true IS NULL OR taken."timestamp" >= coalesce(prediction.label_timestamp, '-infinity'));
  RETURN NULL;
END
$$;
CREATE TRIGGER b_fetch_waiting_labels AFTER INSERT ON predictions REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION fetch_waiting_labels();

CREATE FUNCTION hand_out_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM take_turn_at_predictions(model_id) FROM (SELECT DISTINCT model_id FROM added ORDER BY model_id) AS models;
  WITH labelled AS (
    UPDATE predictions AS prediction SET y_true = added.y_true, label_timestamp = added."timestamp"
    FROM added
    WHERE prediction.model_id = added.model_id AND prediction.id = added.id
      AND (prediction.y_true IS NULL OR added."timestamp" >= coalesce(prediction.label_timestamp, '-infinity'))
  )
  DELETE FROM labels USING added
  WHERE labels.model_id = added.model_id AND labels.id = added.id
    AND EXISTS (
      SELECT FROM predictions AS prediction
      WHERE prediction.model_id = added.model_id AND prediction.id = added.id
    );
  RETURN NULL;
END
$$;
CREATE TRIGGER hand_out_labels AFTER INSERT ON labels REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION hand_out_labels();

ALTER TABLE model_states ADD COLUMN computed_until timestamptz;
COMMENT ON COLUMN model_states.computed_until IS
  'The end of the newest window of predictions that a run has looked at: what changes before it is noted';

-- What has changed in windows that were computed already. watch takes these rows, and runs the windows again.
CREATE TABLE window_changes (
  model_id uuid NOT NULL,
  first timestamptz NOT NULL,
  last timestamptz NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE window_changes IS 'Stretches of time in which predictions changed after a run had looked at them';

-- In turn with the runs that begin to look (beginWindow.sql): one that did not see a change would not be told of it.
CREATE FUNCTION note_changed_predictions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM take_turn_at_predictions(model_id) FROM (SELECT DISTINCT model_id FROM changed ORDER BY model_id) AS models;
  INSERT INTO window_changes (model_id, first, last)
  SELECT changed.model_id, min("timestamp"), max("timestamp")
  FROM changed
  JOIN model_states AS state ON state.model_id = changed.model_id AND changed."timestamp" < computed_until
  GROUP BY changed.model_id, date_trunc('hour', "timestamp");
  RETURN NULL;
END
$$;
CREATE TRIGGER c_note_added AFTER INSERT ON predictions REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_changed_predictions();
CREATE TRIGGER c_note_changed AFTER UPDATE ON predictions REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_changed_predictions();
CREATE TRIGGER c_note_deleted AFTER DELETE ON predictions REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION note_changed_predictions();

-- Makes the partitions of the months that are kept and of the next one, and drops those of months gone by. In the right of
-- the owner, as no other role may. What another transaction holds up is done the next time.
CREATE FUNCTION keep_prediction_months(days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '1s' AS $$
DECLARE
  oldest timestamp := (now() AT TIME ZONE 'UTC') - days * interval '1 day';
  month timestamp := date_trunc('month', oldest);
  partition text;
  dropped integer := 0;
BEGIN
  WHILE month < (now() AT TIME ZONE 'UTC') + interval '1 month' LOOP
    partition := 'predictions_' || to_char(month, 'YYYY_MM');
    IF to_regclass(partition) IS NULL THEN
      BEGIN
        EXECUTE format(
          'CREATE TABLE %I PARTITION OF predictions FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 80)',
          partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      EXCEPTION WHEN lock_not_available OR check_violation THEN
        NULL; -- predictions_other takes that month's rows, or has some already
      END;
    END IF;
    month := month + interval '1 month';
  END LOOP;
  FOR partition IN
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'predictions'::regclass AND relname ~ '^predictions_\d{4}_\d{2}$'
      AND to_date(right(relname, 7), 'YYYY_MM') + interval '1 month' <= oldest
  LOOP
    BEGIN
      EXECUTE format('DROP TABLE %I', partition);
      dropped := dropped + 1;
    EXCEPTION WHEN lock_not_available THEN
      NULL;
    END;
  END LOOP;
  RETURN dropped;
END
$$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION keep_prediction_months(integer) SET search_path = %I, pg_temp', current_schema());
END
$$;
SELECT keep_prediction_months(90);

ALTER TABLE runs
  ADD COLUMN window_start timestamptz,
  ADD COLUMN window_end timestamptz,
  ADD COLUMN revision integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN runs.window_end IS 'The predictions before this, and from window_start on, were looked at';
COMMENT ON COLUMN runs.revision IS 'How often it was computed again because its predictions or labels had changed';

CREATE TABLE due_revisions (
  model_id uuid NOT NULL REFERENCES metrics_executions (model_id) ON DELETE CASCADE,
  scheduled_time timestamptz NOT NULL,
  revise_at timestamptz NOT NULL,
  taken boolean NOT NULL DEFAULT false,
  PRIMARY KEY (model_id, scheduled_time)
);
CREATE INDEX due_revisions_next ON due_revisions (revise_at);
COMMENT ON TABLE due_revisions IS 'Runs to compute again, since their predictions or labels have changed';
COMMENT ON COLUMN due_revisions.taken IS 'It has been invoked, and nothing changed since';

CREATE TABLE run_revisions (
  model_id uuid NOT NULL,
  scheduled_time timestamptz NOT NULL,
  revision integer NOT NULL,
  status text NOT NULL,
  accuracy double precision,
  n_samples integer,
  error text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  details jsonb,
  PRIMARY KEY (model_id, scheduled_time, revision),
  FOREIGN KEY (model_id, scheduled_time) REFERENCES runs ON DELETE CASCADE
);
COMMENT ON TABLE run_revisions IS 'What runs found before they were computed again';

CREATE FUNCTION keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO run_revisions
  VALUES (OLD.model_id, OLD.scheduled_time, OLD.revision, OLD.status, OLD.accuracy, OLD.n_samples, OLD.error,
    OLD.started_at, OLD.finished_at, OLD.details);
  RETURN NULL;
END
$$;
CREATE TRIGGER keep_revision AFTER UPDATE ON runs FOR EACH ROW WHEN (NEW.revision > OLD.revision)
  EXECUTE FUNCTION keep_revision();

-- Down Migration

DROP TABLE run_revisions, due_revisions, window_changes;
DROP VIEW prediction_labels;
DROP TABLE predictions, labels;
DROP FUNCTION same_label, take_turn_at_predictions, refuse_known_ids, fetch_waiting_labels, hand_out_labels,
  note_changed_predictions, keep_prediction_months;
DROP TRIGGER keep_revision ON runs;
DROP FUNCTION keep_revision;
ALTER TABLE model_states DROP COLUMN computed_until;
ALTER TABLE runs
  DROP COLUMN window_start,
  DROP COLUMN window_end,
  DROP COLUMN revision;
ALTER TABLE metrics_executions
  DROP COLUMN data, DROP COLUMN min_samples, DROP COLUMN min_coverage, DROP COLUMN segments, DROP COLUMN revise_for;
