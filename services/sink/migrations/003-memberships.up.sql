-- Which accounts are in a sub-population of their cluster, and since when: every change is a row.
CREATE TABLE IF NOT EXISTS {database}.memberships
(
    account_id String,
    version UInt32,
    subject_id String,
    effective_at DateTime64(3, 'UTC'),
    change LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (account_id, version)
SETTINGS non_replicated_deduplication_window = 10000;

ALTER TABLE {database}.cluster_windows
    ADD COLUMN IF NOT EXISTS mix_divergence Nullable(Float64) COMMENT 'Jensen-Shannon divergence of the subject\'s mix of calls from the mean mix of its cohort\'s accounts [bits]',
    ADD COLUMN IF NOT EXISTS mix_divergence_significance Nullable(Float64) COMMENT 'how sure it is that as many accounts of the cohort would be nearer to its mean [share]',
    ADD COLUMN IF NOT EXISTS new_model_share Nullable(Float64) COMMENT 'calls to models first seen in the population within 3 days / calls [share]',
    ADD COLUMN IF NOT EXISTS new_model_excess Nullable(Float64) COMMENT 'new_model_share, less the mean share of unlinked accounts over the last hours [share]',
    ADD COLUMN IF NOT EXISTS hours_active_share Nullable(Float64) COMMENT 'hours with a call / the 6 (or 24) hours judged together [share]';
