-- Alert messages that a target of notify took: which, by whom, when, and after how many attempts. The message itself is in `alerts`.
CREATE TABLE IF NOT EXISTS {database}.deliveries
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
    attempts UInt32,
    http_status UInt16,
    emitted_at DateTime64(3, 'UTC'),
    delivered_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (alert_id, target, partition, offset)
TTL toDateTime(emitted_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;
