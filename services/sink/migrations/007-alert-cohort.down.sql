ALTER TABLE {database}.alerts DROP COLUMN IF EXISTS cohort;
