-- Gives the labels of an upload to their predictions. Of two labels the one of the later time counts, and of two of the
-- same time the one that comes later; one that is equal, of a later time that was sent, makes the label as late. A label
-- without a prediction waits for it.
-- $1 model_id, $2 how labels are spelt: json, strings (plain texts), or booleans, in any case
-- Returns how many labels were new, were there already, corrected another one, came after one of a later time, and how
-- many wait.
WITH upload AS MATERIALIZED (
  SELECT DISTINCT ON (id) id, coalesce("timestamp", now()) AS "timestamp", "timestamp" IS NOT NULL AS timed,
    CASE $2 WHEN 'strings' THEN to_json(y_true) WHEN 'booleans' THEN lower(y_true)::json ELSE y_true::json END AS y_true
  FROM incoming
  ORDER BY id, coalesce("timestamp", now()) DESC, line DESC
), compared AS MATERIALIZED (
  SELECT upload.*, known."timestamp" AS predicted_at,
    CASE
      WHEN known.id IS NULL THEN 'waiting'
      WHEN known.y_true IS NULL THEN 'new'
      WHEN same_label(known.y_true, upload.y_true) THEN 'equal'
      WHEN upload."timestamp" < known.label_timestamp THEN 'older'
      ELSE 'corrected'
    END AS outcome
  FROM upload
  -- (SELECT $1) has PostgreSQL expect an average model, rather than none of a model that is newer than its statistics: it
  -- would walk through all of the model.
  LEFT JOIN predictions AS known ON known.model_id = (SELECT $1::uuid) AND known.id = upload.id
), labelled AS (
  UPDATE predictions AS known SET y_true = compared.y_true, label_timestamp = compared."timestamp"
  FROM compared
  WHERE (outcome IN ('new', 'corrected') OR outcome = 'equal' AND timed AND compared."timestamp" > known.label_timestamp)
    AND known.model_id = (SELECT $1::uuid) AND known.id = compared.id AND known."timestamp" = compared.predicted_at
), waiting AS (
  INSERT INTO labels AS known (model_id, id, y_true, "timestamp")
  SELECT $1, id, y_true, "timestamp" FROM compared WHERE outcome = 'waiting'
  ON CONFLICT (model_id, id) DO UPDATE SET y_true = excluded.y_true, "timestamp" = excluded."timestamp"
  WHERE excluded."timestamp" >= known."timestamp"
)
SELECT
  count(*) FILTER (WHERE outcome = 'new')::int AS new,
  count(*) FILTER (WHERE outcome = 'equal')::int AS equal,
  count(*) FILTER (WHERE outcome = 'corrected')::int AS corrected,
  count(*) FILTER (WHERE outcome = 'older')::int AS older,
  count(*) FILTER (WHERE outcome = 'waiting')::int AS waiting
FROM compared;
