-- Up Migration

-- Takes tables for a migration alone, while others go on: whoever comes waits 50 ms at most, and is let through before the
-- next attempt. The first lock holds up nobody but autovacuum, which gives way to it and then stays away.
CREATE FUNCTION lock_for_migration(tables text) RETURNS void LANGUAGE plpgsql SET lock_timeout = 0 AS $$
BEGIN
  EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', tables);
  PERFORM set_config('lock_timeout', '50ms', true);
  FOR attempt IN 1..1000 LOOP
    BEGIN
      EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', tables);
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      PERFORM pg_sleep(0.1);
    END;
  END LOOP;
  RAISE lock_not_available USING MESSAGE = format('statements of more than 50 ms keep hold of %s: migrate again later', tables);
END
$$;

-- Three migrations make `runs` a table of months. This one says before which moment all rows of the table are that is there:
-- the end of next month, or later if a run is.
SELECT lock_for_migration('runs');
DO $$
BEGIN
  EXECUTE format('ALTER TABLE runs ADD CONSTRAINT runs_bound CHECK (scheduled_time < %L) NOT VALID', (
    SELECT (date_trunc('month', greatest(now() + interval '1 month', max(scheduled_time)) AT TIME ZONE 'UTC')
      + interval '1 month') AT TIME ZONE 'UTC'
    FROM runs
  ));
END
$$;

-- Down Migration

ALTER TABLE runs DROP CONSTRAINT runs_bound;
DROP FUNCTION lock_for_migration;
