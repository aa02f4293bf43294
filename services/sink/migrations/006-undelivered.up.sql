-- Alert messages that a target of notify did not take: which, to whom, and why. The message itself is in `alerts`.
CREATE TABLE IF NOT EXISTS {database}.undelivered
(
    target LowCardinality(String),
    partition UInt32 COMMENT 'with offset: place of the message on the alert topic',
    offset UInt64,
    alert_id String,
    revision UInt32,
    subject_type LowCardinality(String),
    subject_id String,
    status LowCardinality(String),
    severity LowCardinality(String),
    reason String,
    attempts UInt32,
    emitted_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (target, partition, offset)
TTL toDateTime(emitted_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;
