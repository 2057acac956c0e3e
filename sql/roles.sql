-- Makes the roles that functions connect as: one reads and writes rows, one reads them, and neither can change a table.
-- Run by the owner of the tables after each migration, since nobody has a right to what is new.
-- Settings: cyclic.app_role, cyclic.app_password; cyclic.read_role, cyclic.read_password. The password may be the
-- verifier that PostgreSQL keeps of it.
-- Safe to repeat: a role that is there gets this password and these rights on our tables, and loses others. An owner who
-- may not make roles finds them made, with their passwords.
DO $$
DECLARE
  app text := current_setting('cyclic.app_role');
  reader text := current_setting('cyclic.read_role');
  schema text := current_schema();
  owner oid := (SELECT relowner FROM pg_class WHERE oid = 'metrics_executions'::regclass);
  may_make boolean := (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user);
  it record;
BEGIN
  -- Two at once would change the same rows of the catalog, which PostgreSQL refuses.
  PERFORM pg_advisory_xact_lock(hashtextextended('cyclic roles', 0));
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', schema); -- before PostgreSQL 15 all had it

  FOR it IN
    SELECT * FROM (VALUES
      (app, current_setting('cyclic.app_password')), (reader, current_setting('cyclic.read_password'))
    ) AS role (name, password)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = it.name) THEN
      EXECUTE format('CREATE ROLE %I', it.name);
    ELSIF pg_has_role(it.name, owner, 'MEMBER') THEN
      RAISE EXCEPTION 'role "%" could change tables: it is their owner, in the owner''s group, or a superuser', it.name;
    END IF;
    IF may_make THEN
      EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', it.name, it.password);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), it.name);
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', schema, it.name);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema, it.name);
    IF has_schema_privilege(it.name, schema, 'CREATE') THEN
      RAISE EXCEPTION 'role "%" could make tables: as its owner, REVOKE CREATE ON SCHEMA % FROM PUBLIC', it.name, schema;
    END IF;
  END LOOP;

  FOR it IN
    SELECT oid::regclass AS name, relname = 'migrations' AS is_owners FROM pg_class
    WHERE relnamespace = schema::regnamespace AND relowner = owner AND relkind IN ('r', 'p')
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I, %I', it.name, app, reader);
    IF NOT it.is_owners THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', it.name, app);
      EXECUTE format('GRANT SELECT ON %s TO %I', it.name, reader);
    END IF;
  END LOOP;

  -- What works in the right of the owner is for the role that writes.
  FOR it IN
    SELECT oid::regprocedure AS name FROM pg_proc
    WHERE pronamespace = schema::regnamespace AND proowner = owner AND prosecdef
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, %I', it.name, reader);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', it.name, app);
  END LOOP;
END
$$;
