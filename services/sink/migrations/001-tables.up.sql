-- The names in braces stand for the columns of these features, with formula and unit as comments (../tables.ts).
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
    {columns:
        calls input_tokens output_tokens reasoning_tokens output_input_ratio reasoning_share cached_input_share input_length_spread
        output_length_spread error_share throttled_share chain_of_thought_share rubric_grading_share policy_rewrite_share
        instruction_generation_share long_in_short_out_share template_concentration near_duplicate_share fillings_per_template
        fresh_filling_share most_fillings calls_per_filling enumerated_share top_template_share model_entropy top_model_share
        operation_entropy non_latin_share script_entropy tool_share image_share stream_share distinct_templates distinct_shapes
        shape_repetition distinct_ips distinct_networks calls_per_ip distinct_user_agents distinct_tls distinct_keys
        nonstandard_client_share top_client_share hosting_share arrival_dispersion active_share accounts calls_per_account ips_per_account
        networks_per_account user_agents_per_account tls_per_account keys_per_account templates_per_account evenness_gini unverified_share
    }
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
    {columns:
        calls input_tokens output_tokens reasoning_tokens output_input_ratio reasoning_share cached_input_share input_length_spread
        output_length_spread error_share throttled_share chain_of_thought_share rubric_grading_share policy_rewrite_share
        instruction_generation_share long_in_short_out_share template_concentration near_duplicate_share fillings_per_template
        fresh_filling_share most_fillings calls_per_filling enumerated_share top_template_share model_entropy top_model_share
        operation_entropy non_latin_share script_entropy tool_share image_share stream_share distinct_templates distinct_shapes
        shape_repetition distinct_ips distinct_networks calls_per_ip distinct_user_agents distinct_tls distinct_keys
        nonstandard_client_share top_client_share hosting_share arrival_dispersion active_share accounts calls_per_account ips_per_account
        networks_per_account user_agents_per_account tls_per_account keys_per_account templates_per_account evenness_gini unverified_share
    }
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
