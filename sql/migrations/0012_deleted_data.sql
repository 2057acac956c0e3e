-- Up Migration

ALTER TABLE runs ADD COLUMN data_deleted boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN runs.data_deleted IS 'Somebody deleted predictions that the run had looked at';

-- Down Migration

ALTER TABLE runs DROP COLUMN data_deleted;
