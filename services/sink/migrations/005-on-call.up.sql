-- What on-call does about alerts. Nothing here changes what is detected. Every entry is kept; the last one of an alert and kind holds.
CREATE TABLE IF NOT EXISTS {database}.alert_handling
(
    alert_id String,
    handled_at DateTime64(3, 'UTC'),
    action Enum8('acknowledged' = 1, 'unacknowledged' = 2, 'assigned' = 3),
    assignee String COMMENT 'with assigned: who looks after it from now on; empty: nobody',
    severity LowCardinality(String) COMMENT 'of the alert at that moment: an acknowledgement does not cover a higher one',
    author String,
    note String
)
ENGINE = MergeTree
ORDER BY (alert_id, handled_at)
SETTINGS non_replicated_deduplication_window = 1000;

-- Whom not to tell for a while. Ended early, the same silence is written again with an earlier end: readers say FINAL.
CREATE TABLE IF NOT EXISTS {database}.silences
(
    silence_id String,
    target_type Enum8('alert' = 1, 'cluster' = 2),
    target_id String,
    starts_at DateTime64(3, 'UTC'),
    ends_at DateTime64(3, 'UTC'),
    author String,
    reason String,
    written_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY silence_id
SETTINGS non_replicated_deduplication_window = 1000;

-- Who changed what, on the console or from a terminal. Written before the change: there may be an entry whose change failed, never a change without its entry.
CREATE TABLE IF NOT EXISTS {database}.audit_log
(
    audited_at DateTime64(3, 'UTC'),
    author String,
    role LowCardinality(String),
    action LowCardinality(String),
    target String,
    detail String COMMENT 'JSON',
    address String
)
ENGINE = MergeTree
ORDER BY audited_at
TTL toDateTime(audited_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000;
