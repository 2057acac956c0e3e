-- Stores the predictions of an upload. Those that are there already stay as they are, but take a label that differs.
-- $1 model_id, $2 how labels are spelt: json, strings (plain texts), or booleans, in any case
-- Returns how many ids the upload has, how many were new, were there already, and had their label corrected, and of those
-- that are there with something else the first twenty: their ids and what differs. Where there are any, or lines of one id
-- that differ (findRepeatedIds.sql), nothing may be committed.
WITH upload AS MATERIALIZED (
  SELECT DISTINCT ON (id) id, "timestamp", segments, y_score::json AS y_score,
    CASE $2 WHEN 'strings' THEN to_json(y_pred) WHEN 'booleans' THEN lower(y_pred)::json ELSE y_pred::json END AS y_pred,
    CASE $2 WHEN 'strings' THEN to_json(y_true) WHEN 'booleans' THEN lower(y_true)::json ELSE y_true::json END AS y_true
  FROM incoming
  ORDER BY id, line
), known AS MATERIALIZED (
  -- Of most uploads no id is known, and to see that costs a tenth of looking each one up. (SELECT $1) has PostgreSQL expect
  -- an average model, rather than none of a model that is newer than its statistics: it would walk through the model by
  -- the other index. Where it does even so it begins with the second condition on id, a hash that says the same.
  SELECT predictions.*
  FROM upload
  JOIN predictions ON predictions.model_id = (SELECT $1::uuid) AND predictions.id = upload.id
  WHERE EXISTS (
    SELECT FROM predictions
    WHERE model_id = (SELECT $1::uuid) AND id = ANY (ARRAY (SELECT id FROM upload))
      AND (id IN (SELECT id FROM upload)) IS TRUE
  )
), compared AS MATERIALIZED (
  SELECT upload.*, known."timestamp" AS known_at,
    known.id IS NOT NULL AND upload.y_true IS NOT NULL
      AND (known.y_true IS NULL OR NOT same_label(known.y_true, upload.y_true)) AS relabelled,
    CASE
      WHEN known.id IS NULL THEN NULL
      WHEN NOT same_label(known.y_pred, upload.y_pred) THEN 'y_pred'
      WHEN upload.y_score::text <> known.y_score::text OR (upload.y_score IS NOT NULL AND known.y_score IS NULL)
        THEN 'y_score'
      WHEN upload."timestamp" <> known."timestamp" THEN 'timestamp'
      WHEN upload.segments <> coalesce(known.segments, '{}') THEN 'segments'
    END AS differs_in
  FROM upload
  FULL JOIN known ON known.id = upload.id -- finds what a left join does, but never by a nested loop
), added AS (
  INSERT INTO predictions (model_id, id, "timestamp", y_pred, y_score, y_true, label_timestamp, segments)
  SELECT $1, id, coalesce("timestamp", now()), y_pred, y_score, y_true,
    CASE WHEN y_true IS NOT NULL THEN now() END, segments
  FROM compared
  WHERE known_at IS NULL
), corrected AS (
  UPDATE predictions AS known SET y_true = compared.y_true, label_timestamp = now()
  FROM compared
  WHERE EXISTS (SELECT FROM compared WHERE relabelled) -- or the model may be walked through for nothing
    AND relabelled AND known.model_id = (SELECT $1::uuid) AND known.id = compared.id AND known."timestamp" = compared.known_at
)
SELECT
  count(*)::int AS ids,
  count(*) FILTER (WHERE known_at IS NULL)::int AS new,
  count(*) FILTER (WHERE known_at IS NOT NULL AND differs_in IS NULL AND NOT relabelled)::int AS equal,
  count(*) FILTER (WHERE relabelled)::int AS relabelled,
  count(differs_in)::int AS different,
  coalesce((
    SELECT json_agg(json_build_object('id', id, 'differs_in', differs_in))
    FROM (SELECT id, differs_in FROM compared WHERE differs_in IS NOT NULL LIMIT 20) AS first
  ), '[]')::jsonb AS first_different
FROM compared;
