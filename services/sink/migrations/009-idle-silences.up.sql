-- A silence may end by itself when it keeps nothing back.
ALTER TABLE {database}.silences
    ADD COLUMN IF NOT EXISTS idle_ms UInt64 COMMENT 'ends early when it has kept nothing back for so long [milliseconds]; 0: it does not';

-- What is in effect of each silence that was set to end after `since`, the same for everybody who asks. `until` follows from the messages that it kept back, so that
-- nobody has to be there to end it: the first of them that comes idle_ms or more after the one before, or after the beginning, is told, and all later ones are.
-- Ends of alerts are told in any case. notify asks every few seconds: alerts from before the earliest of these silences are not read, and without FINAL, which would
-- read all of them; a message that is there twice counts once.
CREATE VIEW IF NOT EXISTS {database}.effective_silences AS
WITH
    silence AS (SELECT * FROM {database}.silences FINAL WHERE ends_at > {since:DateTime64(3, 'UTC')}),
    told AS
    (
        SELECT about.1 AS kind, about.2 AS name, arraySort(groupUniqArray((toUnixTimestamp64Milli(emitted_at), alert_id, revision))) AS messages
        FROM {database}.alerts
        ARRAY JOIN [('alert', alert_id), (toString(subject_type), splitByChar('~', subject_id)[1])] AS about
        WHERE status = 'open' AND emitted_at >= (SELECT minOrNull(starts_at) FROM silence) AND about IN (SELECT toString(target_type), target_id FROM silence)
        GROUP BY about
    )
SELECT
    silence_id, target_type, target_id, starts_at, ends_at, idle_ms, author, reason, written_at,
    fromUnixTimestamp64Milli(last_moment, 'UTC') AS until,
    multiIf(last_moment < set_end, 'idle', written_at >= ends_at, 'somebody', 'time') AS end_cause,
    arrayCount(at -> at < last_moment, kept) AS kept_back
FROM
(
    SELECT
        silence.*,
        toUnixTimestamp64Milli(starts_at) AS begin,
        toUnixTimestamp64Milli(ends_at) AS set_end,
        arrayFilter(at -> at >= begin AND at < set_end, told.messages.1) AS kept,
        arrayConcat([begin], kept, [set_end]) AS moments,
        arrayFirstIndex((at, next) -> idle_ms > 0 AND next - at >= idle_ms, arrayPopBack(moments), arrayPopFront(moments)) AS gap,
        if(gap = 0, set_end, moments[gap] + idle_ms) AS last_moment
    FROM silence
    LEFT JOIN told ON told.kind = toString(silence.target_type) AND told.name = silence.target_id
);
