-- The labels of one sample row as the bytes they are stored as.
-- Settings: cyclic.results_id the row; cyclic.max_bytes how many bytes of JSON a column of labels may have,
-- cyclic.max_score_bytes the same of y_score, -1 where nobody wants it. A larger one is null; one that is larger on disk
-- already is not even read, which would cost PostgreSQL its size in memory.
COPY (
  SELECT
    CASE WHEN octet_length(y_true) <= max_bytes THEN y_true END,
    CASE WHEN octet_length(y_pred) <= max_bytes THEN y_pred END,
    CASE WHEN octet_length(y_score) <= max_score_bytes THEN y_score END
  FROM (
    SELECT current_setting('cyclic.max_bytes')::bigint, current_setting('cyclic.max_score_bytes')::bigint
  ) AS setting (max_bytes, max_score_bytes)
  CROSS JOIN LATERAL (
    SELECT
      CASE WHEN pg_column_size(y_true) <= max_bytes + 4 THEN json_send(y_true) END AS y_true,
      CASE WHEN pg_column_size(y_pred) <= max_bytes + 4 THEN json_send(y_pred) END AS y_pred,
      CASE WHEN pg_column_size(y_score) <= max_score_bytes + 4 THEN json_send(y_score) END AS y_score
    FROM results
    WHERE id = current_setting('cyclic.results_id')::bigint
    OFFSET 0 -- so that each column is decompressed once, and not for its length and again for itself
  ) AS sent
) TO STDOUT (FORMAT binary);
