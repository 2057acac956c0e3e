-- The states of the models that a search finds: by the beginning of the model_id, or of words of the name, and by a tag.
-- Each is looked up, however many PostgreSQL expects to be found.
-- $1 the first model_id, $2 the last, or nulls for none; $3 the words, as a tsquery, or null for all models; $4 the tag, or
-- null for any
SELECT state.*
FROM metrics_executions AS schedule
CROSS JOIN LATERAL (SELECT * FROM model_states WHERE model_id = schedule.model_id OFFSET 0) AS state
WHERE ($3::text IS NULL OR schedule.model_id BETWEEN $1 AND $2 OR name_words @@ to_tsquery('simple', $3))
  AND ($4::text IS NULL OR tags @> ARRAY[$4])
