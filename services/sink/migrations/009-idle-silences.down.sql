DROP VIEW IF EXISTS {database}.effective_silences;

ALTER TABLE {database}.silences
    DROP COLUMN IF EXISTS idle_ms;
