-- Up Migration

-- Reads all rows, which may take minutes, under a lock that lets others read and write.
DO $$
DECLARE
  unchecked text;
BEGIN
  FOR unchecked IN
    SELECT conname FROM pg_constraint WHERE conrelid = 'runs'::regclass AND contype = 'c' AND NOT convalidated
  LOOP
    EXECUTE format('ALTER TABLE runs VALIDATE CONSTRAINT %I', unchecked);
  END LOOP;
END
$$;

-- Down Migration
