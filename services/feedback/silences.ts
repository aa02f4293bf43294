import { randomUUID } from 'node:crypto';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { dateTime } from '../sink/rows/time.ts';
import { LIMITS } from './limits.ts';
import { isAfterKey, keyParameters, type ListKey } from './list-key.ts';

export const SILENCE_TARGETS = ['alert', 'cluster'] as const;
export type SilenceTarget = (typeof SILENCE_TARGETS)[number];

/** Whom not to tell, from when until when. A silence of a cluster covers every alert about it or a part of it. */
export interface Silence {
  silence_id: string;
  target_type: SilenceTarget;
  target_id: string;
  starts_at_ms: number;
  ends_at_ms: number;
  author: string;
  reason: string;
}

export const SILENCE_STATES = ['in_force', 'over'] as const;

export interface SilenceFilter {
  /** Null: either. */
  state: (typeof SILENCE_STATES)[number] | null;
  limit: number;
  /** The last silence of the page before; null for the first page. */
  before: ListKey | null;
}

export interface ListedSilence extends Silence {
  /** Open alerts that it is about. */
  open_alerts: number;
  /** Messages about them while it was in force that nobody was told; an alert's end is told in any case. */
  kept_back: number;
}

export type SilenceOutcome = { ok: true; silence: Silence } | { ok: false; what: string };

export interface SilenceStore {
  /** From now on. */
  add(
    silence: Pick<Silence, 'target_type' | 'target_id' | 'ends_at_ms' | 'author' | 'reason'>,
  ): Promise<SilenceOutcome>;
  /** It ends now. Null when there is none of that id, or it has ended. */
  end(silenceId: string): Promise<Silence | null>;
  /** Of these targets, latest first, ended ones too. */
  of(targets: readonly string[]): Promise<Silence[]>;
  /** Latest first. At most `limit` + 1: the one too many says that there is another page. */
  list(filter: SilenceFilter): Promise<ListedSilence[]>;
}

const MOST_SILENCES = 200;
const MOST_IN_FORCE = 10_000;
const DAY = 86_400_000;
/** Longer, and it should be an exception in the rules, which has an owner. */
export const LONGEST_SILENCE = 30 * DAY;

const COLUMNS =
  'silence_id, target_type, target_id, toUnixTimestamp64Milli(starts_at) AS starts_at_ms, toUnixTimestamp64Milli(ends_at) AS ends_at_ms, author, reason';

/** Those that have not ended, for whoever tells people. */
export function silencesInForce(
  { query }: Pick<ClickHouse, 'query'>,
  database: string,
  now: number,
): Promise<Silence[]> {
  return query<Silence>(
    `SELECT ${COLUMNS} FROM ${database}.silences FINAL WHERE ends_at > fromUnixTimestamp64Milli({now:Int64}) ORDER BY ends_at DESC LIMIT ${MOST_IN_FORCE} ${LIMITS}`,
    { now },
  );
}

/** Silences are kept for whoever tells people; the console shows them. They never change what is detected. */
export function createSilenceStore(
  clickHouse: Pick<ClickHouse, 'query' | 'insert'>,
  database: string,
  now: () => number,
): SilenceStore {
  const write = async ({ starts_at_ms, ends_at_ms, ...rest }: Silence, at: number): Promise<void> => {
    const row = { ...rest, starts_at: dateTime(starts_at_ms), ends_at: dateTime(ends_at_ms), written_at: dateTime(at) };
    await clickHouse.insert('silences', [row], `${rest.silence_id} ${ends_at_ms}`);
  };
  return {
    async add({ target_type, target_id, ends_at_ms, author, reason }) {
      const at = now();
      if (ends_at_ms <= at) return { ok: false, what: 'a silence ends in the future' };
      if (ends_at_ms > at + LONGEST_SILENCE)
        return { ok: false, what: 'a silence lasts 30 days at most: for longer, add an exception to the rules' };
      const silence = {
        silence_id: randomUUID(),
        target_type,
        target_id,
        starts_at_ms: at,
        ends_at_ms,
        author,
        reason,
      };
      await write(silence, at);
      return { ok: true, silence };
    },
    async end(silenceId) {
      const at = now();
      const [found] = await clickHouse.query<Silence>(
        `SELECT ${COLUMNS} FROM ${database}.silences FINAL WHERE silence_id = {id:String} LIMIT 1 ${LIMITS}`,
        { id: silenceId },
      );
      if (found === undefined || found.ends_at_ms <= at) return null;
      const ended = { ...found, ends_at_ms: at };
      await write(ended, at);
      return ended;
    },
    of(targets) {
      return clickHouse.query<Silence>(
        `SELECT ${COLUMNS} FROM ${database}.silences FINAL WHERE target_id IN {targets:Array(String)}
         ORDER BY starts_at DESC LIMIT ${MOST_SILENCES} ${LIMITS}`,
        { targets: [...targets] },
      );
    },
    list({ state, limit, before }) {
      return clickHouse.query<ListedSilence>(
        `WITH told AS (
           SELECT about.1 AS kind, about.2 AS name, alert_id, revision, status, emitted_at FROM ${database}.alerts FINAL
           ARRAY JOIN [('alert', alert_id), ('cluster', splitByChar('~', subject_id)[1])] AS about
         )
         SELECT ${COLUMNS}, about.open_alerts AS open_alerts, kept.kept_back AS kept_back FROM ${database}.silences AS silence FINAL
         LEFT JOIN (
           SELECT kind, name, count() AS open_alerts FROM (SELECT * FROM told ORDER BY alert_id, revision DESC LIMIT 1 BY kind, alert_id)
           WHERE status = 'open' GROUP BY kind, name
         ) AS about ON about.kind = toString(silence.target_type) AND about.name = silence.target_id
         LEFT JOIN (
           SELECT one.silence_id AS id, count() AS kept_back FROM told
           JOIN (SELECT * FROM ${database}.silences FINAL) AS one ON told.kind = toString(one.target_type) AND told.name = one.target_id
           WHERE told.status = 'open' AND told.emitted_at >= one.starts_at AND told.emitted_at < one.ends_at GROUP BY id
         ) AS kept ON kept.id = silence.silence_id
         WHERE ({state:String} = '' OR ({state:String} = 'in_force') = (ends_at_ms > {now:Int64})) AND ${isAfterKey('starts_at_ms', 'silence_id')}
         ORDER BY starts_at DESC, silence_id DESC LIMIT {limit:UInt32} ${LIMITS}`,
        { state: state ?? '', now: now(), ...keyParameters(before, limit) },
      );
    },
  };
}
