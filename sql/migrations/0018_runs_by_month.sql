-- Up Migration

SELECT lock_for_migration('runs, run_revisions');

-- The table that is there becomes the partition of all that was before the first month. Nothing in it is read or moved:
-- runs_bound says that it may be.
DROP TRIGGER keep_revision ON runs;
DROP TRIGGER evaluate_run ON runs;
ALTER TABLE run_revisions DROP CONSTRAINT run_revisions_model_id_scheduled_time_fkey;
ALTER TABLE runs RENAME TO runs_earlier;
ALTER INDEX runs_pkey RENAME TO runs_earlier_pkey;
ALTER INDEX runs_oldest RENAME TO runs_earlier_oldest;
ALTER INDEX runs_missed RENAME TO runs_earlier_missed;
ALTER INDEX runs_catch_up RENAME TO runs_earlier_catch_up;
CREATE TABLE runs (LIKE runs_earlier INCLUDING ALL EXCLUDING INDEXES, PRIMARY KEY (model_id, scheduled_time))
  PARTITION BY RANGE (scheduled_time);
COMMENT ON TABLE runs IS 'What each due time found; the primary key lets one run of a due time count';
COMMENT ON TABLE runs_earlier IS 'Runs of before the first month that has a partition';
CREATE INDEX runs_oldest ON runs (scheduled_time);
CREATE INDEX runs_missed ON runs (model_id, scheduled_time) WHERE status = 'missed' OR missed_before IS NOT NULL;
CREATE INDEX runs_catch_up ON runs (catch_up_at) WHERE catch_up_at IS NOT NULL;
DO $$
DECLARE
  it record;
  -- A new database has months at once.
  bound timestamptz := (
    SELECT (date_trunc('month', CASE WHEN count(*) = 0 THEN now()
      ELSE greatest(now() + interval '1 month', max(scheduled_time)) + interval '1 month' END AT TIME ZONE 'UTC'))
      AT TIME ZONE 'UTC'
    FROM (SELECT scheduled_time FROM runs_earlier ORDER BY scheduled_time DESC LIMIT 1) AS newest
  );
BEGIN
  EXECUTE format('ALTER TABLE runs ATTACH PARTITION runs_earlier FOR VALUES FROM (MINVALUE) TO (%L)', bound);
  EXECUTE format('CREATE TABLE runs_later PARTITION OF runs FOR VALUES FROM (%L) TO (MAXVALUE)', bound);
  FOR it IN
    SELECT privilege_type, grantee::regrole AS role
    FROM pg_class, aclexplode(relacl) WHERE oid = 'runs_earlier'::regclass AND grantee <> 0
  LOOP
    EXECUTE format('GRANT %s ON runs TO %s', it.privilege_type, it.role);
  END LOOP;
END
$$;
ALTER TABLE runs DROP CONSTRAINT runs_bound;
COMMENT ON TABLE runs_later IS 'Runs of after the last month that has a partition';

CREATE TRIGGER keep_revision AFTER UPDATE ON runs FOR EACH ROW WHEN (NEW.revision > OLD.revision)
  EXECUTE FUNCTION keep_revision();
CREATE TRIGGER evaluate_run AFTER INSERT OR UPDATE OF status, details, revision ON runs
  FOR EACH ROW WHEN (NEW.status <> 'missed' AND NEW.trigger <> 'backfill') EXECUTE FUNCTION evaluate_run();

-- A foreign key would not let a month go.
CREATE FUNCTION forget_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM run_revisions WHERE model_id = OLD.model_id AND scheduled_time = OLD.scheduled_time;
  RETURN NULL;
END
$$;
CREATE TRIGGER forget_revisions AFTER DELETE ON runs FOR EACH ROW WHEN (OLD.revision > 0)
  EXECUTE FUNCTION forget_revisions();

-- The partitions of runs. The first has no start, the last no end.
CREATE FUNCTION run_months() RETURNS TABLE (name text, starts_at timestamptz, ends_at timestamptz) LANGUAGE sql STABLE AS $$
  SELECT relname, substring(bounds FROM 'FROM \(''([^'']+)')::timestamptz, substring(bounds FROM 'TO \(''([^'']+)')::timestamptz
  FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid, pg_get_expr(relpartbound, pg_class.oid) AS bounds
  WHERE inhparent = 'runs'::regclass
$$;

-- Makes runs_later, which is empty as a rule, the partition of the next month, and begins another. Runs of a far future,
-- by a clock that was off, stay in that.
CREATE FUNCTION add_run_month() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := (SELECT starts_at FROM run_months() WHERE name = 'runs_later');
  month text := 'runs_' || to_char(first AT TIME ZONE 'UTC', 'YYYY_MM');
  bound timestamptz := (
    SELECT (date_trunc('month', greatest(first, max(scheduled_time)) AT TIME ZONE 'UTC') + interval '1 month')
      AT TIME ZONE 'UTC'
    FROM runs_later WHERE scheduled_time < now() + interval '1 month'
  );
BEGIN
  ALTER TABLE runs DETACH PARTITION runs_later;
  EXECUTE format('ALTER TABLE runs_later RENAME TO %I', month);
  CREATE TABLE runs_later (LIKE runs INCLUDING ALL);
  EXECUTE format('WITH later AS (DELETE FROM %I WHERE scheduled_time >= $1 RETURNING *) INSERT INTO runs_later TABLE later',
    month) USING bound;
  EXECUTE format('ALTER TABLE runs ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', month, first, bound);
  EXECUTE format('ALTER TABLE runs ATTACH PARTITION runs_later FOR VALUES FROM (%L) TO (MAXVALUE)', bound);
END
$$;

-- Drops a month. The newest run of a model that looked at its data always stays: it goes to runs_earlier.
CREATE FUNCTION drop_run_month(month text, first timestamptz, bound timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  kept runs[];
BEGIN
  EXECUTE format('LOCK TABLE %I IN SHARE MODE', month);
  EXECUTE format('
    WITH RECURSIVE models AS (
      (SELECT model_id FROM %1$I ORDER BY model_id LIMIT 1)
      UNION ALL
      SELECT (SELECT model_id FROM %1$I AS run WHERE run.model_id > models.model_id ORDER BY run.model_id LIMIT 1)
      FROM models WHERE model_id IS NOT NULL
    )
    SELECT array_agg(newest.run)
    FROM models CROSS JOIN LATERAL (
      SELECT runs AS run FROM runs
      WHERE runs.model_id = models.model_id AND status <> ''missed'' ORDER BY scheduled_time DESC LIMIT 1
    ) AS newest
    WHERE (newest.run).scheduled_time < $1', month) INTO kept USING bound;
  DELETE FROM run_revisions AS revision
  WHERE scheduled_time >= first AND scheduled_time < bound AND NOT EXISTS (
    SELECT FROM unnest(kept) AS run
    WHERE run.model_id = revision.model_id AND run.scheduled_time = revision.scheduled_time
  );
  -- From here on nobody else can read or write runs.
  ALTER TABLE runs DETACH PARTITION runs_earlier;
  EXECUTE format('DROP TABLE %I', month);
  INSERT INTO runs_earlier SELECT * FROM unnest(kept);
  EXECUTE format('ALTER TABLE runs ATTACH PARTITION runs_earlier FOR VALUES FROM (MINVALUE) TO (%L)', bound);
END
$$;

-- Makes the partition of the coming month, and drops the oldest if it is not kept. In the right of the owner, as no other role may.
-- What another transaction holds up is done the next time: it is this one that gives way, before a deadlock is looked for.
CREATE FUNCTION keep_run_months(days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '500ms' AS $$
DECLARE
  oldest record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('run months', 0));
  WHILE (SELECT starts_at FROM run_months() WHERE name = 'runs_later') < now() + interval '1 month' LOOP
    PERFORM add_run_month();
  END LOOP;
  SELECT * INTO oldest FROM run_months() WHERE starts_at IS NOT NULL ORDER BY starts_at LIMIT 1;
  IF oldest.ends_at < now() - days * interval '1 day' THEN
    PERFORM drop_run_month(oldest.name, oldest.starts_at, oldest.ends_at);
    RETURN 1;
  END IF;
  RETURN 0;
EXCEPTION WHEN lock_not_available THEN
  RETURN 0;
END
$$;
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION keep_run_months(integer) SET search_path = %I, pg_temp', current_schema());
END
$$;
SELECT keep_run_months(90);

-- Down Migration

CREATE TABLE runs_together (LIKE runs INCLUDING ALL EXCLUDING INDEXES, PRIMARY KEY (model_id, scheduled_time));
INSERT INTO runs_together SELECT * FROM runs;
DROP TABLE runs;
DROP FUNCTION forget_revisions, run_months, add_run_month, drop_run_month, keep_run_months;
ALTER TABLE runs_together RENAME TO runs;
ALTER INDEX runs_together_pkey RENAME TO runs_pkey;
ALTER TABLE runs ADD CONSTRAINT runs_bound CHECK (true);
CREATE INDEX runs_oldest ON runs (scheduled_time);
CREATE INDEX runs_missed ON runs (model_id, scheduled_time) WHERE status = 'missed' OR missed_before IS NOT NULL;
CREATE INDEX runs_catch_up ON runs (catch_up_at) WHERE catch_up_at IS NOT NULL;
ALTER TABLE run_revisions ADD FOREIGN KEY (model_id, scheduled_time) REFERENCES runs ON DELETE CASCADE;
CREATE TRIGGER keep_revision AFTER UPDATE ON runs FOR EACH ROW WHEN (NEW.revision > OLD.revision)
  EXECUTE FUNCTION keep_revision();
CREATE TRIGGER evaluate_run AFTER INSERT OR UPDATE OF status, details, revision ON runs
  FOR EACH ROW WHEN (NEW.status <> 'missed' AND NEW.trigger <> 'backfill') EXECUTE FUNCTION evaluate_run();
