-- Up Migration

-- PL/pgSQL keeps the plan that it made for the first rows of a connection. Made for no row or one, it took more than 25 s for
-- an upload of labels: EXECUTE plans each statement for the rows that it is about. Where the API has looked itself which
-- labels have no prediction, there is nothing to hand out.
CREATE OR REPLACE FUNCTION refuse_known_ids() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  known text;
BEGIN
  PERFORM take_turn_at_predictions(model_id) FROM (SELECT DISTINCT model_id FROM added ORDER BY model_id) AS models;
  EXECUTE 'SELECT string_agg(id, '', '') FROM (
      SELECT DISTINCT added.id FROM added
      JOIN predictions AS other ON other.model_id = added.model_id AND other.id = added.id
        AND other."timestamp" <> added."timestamp"
      LIMIT 20
    ) AS twice' INTO known;
  IF known IS NOT NULL THEN
    RAISE unique_violation USING MESSAGE = 'predictions with these ids are there already: ' || known;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION fetch_waiting_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM added) OR NOT EXISTS (SELECT FROM labels) THEN RETURN NULL; END IF;
  EXECUTE 'WITH taken AS (
    DELETE FROM labels USING added
    WHERE labels.model_id = added.model_id AND labels.id = added.id
    RETURNING labels.*, added."timestamp" AS predicted_at
  )
  UPDATE predictions AS prediction SET y_true = taken.y_true, label_timestamp = taken."timestamp"
  FROM taken
  WHERE prediction.model_id = taken.model_id AND prediction.id = taken.id
    AND prediction."timestamp" = taken.predicted_at
    AND (prediction.y_true IS NULL OR taken."timestamp" >= coalesce(prediction.label_timestamp, ''-infinity''))';
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION hand_out_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM take_turn_at_predictions(model_id) FROM (SELECT DISTINCT model_id FROM added ORDER BY model_id) AS models;
  EXECUTE 'WITH labelled AS (
    UPDATE predictions AS prediction SET y_true = added.y_true, label_timestamp = added."timestamp"
    FROM added
    WHERE prediction.model_id = added.model_id AND prediction.id = added.id
      AND (prediction.y_true IS NULL OR added."timestamp" >= coalesce(prediction.label_timestamp, ''-infinity''))
  )
  DELETE FROM labels USING added
  WHERE labels.model_id = added.model_id AND labels.id = added.id
    AND EXISTS (
      SELECT FROM predictions AS prediction
      WHERE prediction.model_id = added.model_id AND prediction.id = added.id
    )';
  RETURN NULL;
END
$$;
DROP TRIGGER hand_out_labels ON labels;
CREATE TRIGGER hand_out_labels AFTER INSERT ON labels REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT WHEN (current_setting('cyclic.ids_checked', true) IS DISTINCT FROM 'yes')
  EXECUTE FUNCTION hand_out_labels();

-- Down Migration

DROP TRIGGER hand_out_labels ON labels;
CREATE TRIGGER hand_out_labels AFTER INSERT ON labels REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION hand_out_labels();
-- The functions stay: they do the same.
