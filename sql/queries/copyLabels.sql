-- The labels of one sample row as the bytes they are stored as, for copyRow: no text is made of them on the way.
-- Settings: cyclic.results_id the row, cyclic.max_bytes how many bytes on disk a column may have. A larger one is null, and
-- not read, which would cost PostgreSQL its size in memory.
COPY (
  SELECT
    CASE WHEN pg_column_size(y_true) <= current_setting('cyclic.max_bytes')::bigint THEN y_true END,
    CASE WHEN pg_column_size(y_pred) <= current_setting('cyclic.max_bytes')::bigint THEN y_pred END
  FROM results
  WHERE id = current_setting('cyclic.results_id')::bigint
) TO STDOUT (FORMAT binary);
