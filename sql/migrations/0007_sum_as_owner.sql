-- Up Migration

-- sum_status_counts() empties a table, for which watch's role has no right: it does so in the right of its owner. Fixed,
-- as otherwise a caller's search_path would decide which tables it works on.
DO $$
BEGIN
  EXECUTE format(
    'ALTER FUNCTION sum_status_counts() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema());
END
$$;

-- Down Migration

ALTER FUNCTION sum_status_counts() SECURITY INVOKER RESET search_path;
