-- Up Migration

-- Labels are decompressed at every run: lz4 takes a fraction of the time of PostgreSQL's own method, but not every server
-- was built with it. Rows that are there already stay as they are.
DO $$
BEGIN
  IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
    ALTER TABLE results ALTER COLUMN y_true SET COMPRESSION lz4, ALTER COLUMN y_pred SET COMPRESSION lz4;
  END IF;
END
$$;

-- Down Migration

ALTER TABLE results ALTER COLUMN y_true SET COMPRESSION DEFAULT, ALTER COLUMN y_pred SET COMPRESSION DEFAULT;
