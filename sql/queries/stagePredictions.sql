-- Makes the table that an upload is copied into, which only this connection sees, and which is empty at each commit.
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
  line integer NOT NULL,
  id text NOT NULL,
  "timestamp" timestamptz,
  y_pred text,
  y_score text,
  y_true text,
  segments jsonb
) ON COMMIT DELETE ROWS;
