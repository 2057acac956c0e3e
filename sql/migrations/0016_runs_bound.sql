-- Up Migration

-- Three migrations make `runs` a table of months. While they run, the version before goes on reading and writing: no lock is
-- waited for, or held, for long. This one says before which moment all rows of the table are that is there: the end of
-- next month, or later if a run is.
DO $$
BEGIN
  FOR attempt IN 1..1000 LOOP
    BEGIN
      SET LOCAL lock_timeout = '50ms'; -- whoever comes meanwhile waits behind us
      LOCK TABLE runs IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF attempt = 1000 THEN RAISE; END IF;
      PERFORM pg_sleep(0.1);
    END;
  END LOOP;
  EXECUTE format('ALTER TABLE runs ADD CONSTRAINT runs_bound CHECK (scheduled_time < %L) NOT VALID', (
    SELECT (date_trunc('month', greatest(now() + interval '1 month', max(scheduled_time)) AT TIME ZONE 'UTC')
      + interval '1 month') AT TIME ZONE 'UTC'
    FROM runs
  ));
END
$$;

-- Down Migration

ALTER TABLE runs DROP CONSTRAINT runs_bound;
