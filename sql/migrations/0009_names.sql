-- Up Migration

ALTER TABLE metrics_executions
  ADD COLUMN name text UNIQUE CHECK (name = btrim(name) AND char_length(name) BETWEEN 1 AND 100),
  ADD COLUMN description text CHECK (char_length(description) <= 1000),
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 20),
  -- Punctuation separates words: by itself PostgreSQL would take "eu.fraud" for the name of a host.
  ADD COLUMN name_words tsvector GENERATED ALWAYS AS (
    to_tsvector('simple', regexp_replace(name, '[ -/:-@\[-`{-~]+', ' ', 'g'))
  ) STORED;
COMMENT ON COLUMN metrics_executions.name IS 'What people call the model';
COMMENT ON COLUMN metrics_executions.name_words IS 'The words of its name, for searches';

CREATE INDEX metrics_executions_name_words ON metrics_executions USING gin (name_words);
CREATE INDEX metrics_executions_tags ON metrics_executions USING gin (tags);

-- Down Migration

ALTER TABLE metrics_executions DROP COLUMN name_words, DROP COLUMN name, DROP COLUMN description, DROP COLUMN tags;
