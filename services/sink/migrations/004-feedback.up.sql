-- What on-call found an alert to be. Every mark is kept; the last one of an alert holds.
CREATE TABLE IF NOT EXISTS {database}.alert_marks
(
    alert_id String,
    marked_at DateTime64(3, 'UTC'),
    mark Enum8('true' = 1, 'false' = 2, 'duplicate' = 3),
    duplicate_of String,
    marked_by String,
    note String
)
ENGINE = MergeTree
ORDER BY (alert_id, marked_at)
SETTINGS non_replicated_deduplication_window = 1000;

-- Of the marked alerts that a signature had a part in, by the week in which they opened: how many were true. Duplicates say nothing of a signature.
CREATE VIEW IF NOT EXISTS {database}.signature_precision AS
SELECT
    signature.name AS signature,
    toStartOfWeek(opened_at, 1) AS week,
    countIf(mark = 'true') AS marked_true,
    count() AS marked,
    marked_true / marked AS precision
FROM
(
    SELECT last.mark AS mark, alert.opened_at AS opened_at, arrayJoin(JSONExtract(alert.signatures, 'Array(Tuple(name String, score Float64))')) AS signature
    FROM (SELECT alert_id, toString(argMax(mark, marked_at)) AS mark FROM {database}.alert_marks GROUP BY alert_id) AS last
    INNER JOIN (SELECT alert_id, opened_at, signatures FROM {database}.alerts FINAL ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id) AS alert
    ON last.alert_id = alert.alert_id
)
WHERE mark != 'duplicate' AND signature.score > 0
GROUP BY signature, week;
