-- Whom the windows of an alert were compared with.
ALTER TABLE {database}.alerts
    ADD COLUMN IF NOT EXISTS cohort LowCardinality(String) COMMENT 'plan/operation/model family/size band; empty: written before there was this column';
