-- Rows are written more than once when a batch is done again after a crash: the engine keeps one of each key, and readers say FINAL.
CREATE TABLE IF NOT EXISTS {database}.account_windows
(
    account_id String,
    window_size Enum8('minute' = 1, 'hour' = 2, 'day' = 3),
    window_start DateTime64(3, 'UTC'),
    window_end DateTime64(3, 'UTC'),
    plan LowCardinality(String),
    organization_id String,
    country LowCardinality(String),
    account_status LowCardinality(String),
    verified Nullable(Bool),
    first_seen DateTime64(3, 'UTC'),
    last_seen DateTime64(3, 'UTC'),
{features}
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (window_size, account_id, window_end)
TTL toDateTime(window_end) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS {database}.cluster_windows
(
    subject_type LowCardinality(String),
    subject_id String,
    window_size Enum8('minute' = 1, 'hour' = 2, 'day' = 3),
    window_start DateTime64(3, 'UTC'),
    window_end DateTime64(3, 'UTC'),
    cohort LowCardinality(String),
    verdict LowCardinality(String),
    confidence Float64,
    signatures Map(LowCardinality(String), Float64),
    rules_hash LowCardinality(String),
    sample_accounts Array(String),
    first_seen DateTime64(3, 'UTC'),
    last_seen DateTime64(3, 'UTC'),
{features}
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(window_start)
ORDER BY (window_size, subject_id, window_end)
TTL toDateTime(window_end) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS {database}.assignments
(
    account_id String,
    version UInt32,
    cluster_id String,
    effective_at DateTime64(3, 'UTC'),
    reason LowCardinality(String),
    previous_cluster_id String,
    cluster_size UInt32,
    evidence String
)
ENGINE = ReplacingMergeTree
ORDER BY (account_id, version)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS {database}.alerts
(
    alert_id String,
    revision UInt32,
    type LowCardinality(String),
    emitted_at DateTime64(3, 'UTC'),
    status LowCardinality(String),
    verdict LowCardinality(String),
    severity LowCardinality(String),
    subject_type LowCardinality(String),
    subject_id String,
    opened_at DateTime64(3, 'UTC'),
    updated_at DateTime64(3, 'UTC'),
    first_seen DateTime64(3, 'UTC'),
    last_seen DateTime64(3, 'UTC'),
    account_count UInt32,
    exchange_count UInt64,
    exchanges_before_alert UInt64,
    confidence Float64,
    signatures String,
    linking_evidence String,
    sample_accounts Array(String),
    sample_event_ids Array(String),
    rules_hash LowCardinality(String),
    atlas_technique LowCardinality(String),
    query String,
    runbook_url String,
    summary String,
    baseline_note String
)
ENGINE = ReplacingMergeTree
ORDER BY (alert_id, revision)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS {database}.dead_letters
(
    topic LowCardinality(String),
    partition UInt32,
    offset UInt64,
    reason LowCardinality(String),
    detail String,
    bytes UInt64,
    timestamp DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset)
SETTINGS non_replicated_deduplication_window = 10000;
