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
  /** As it was set: it may end earlier, by being idle. */
  ends_at_ms: number;
  /** Ends early when it has kept nothing back for so long, milliseconds; 0: it does not. */
  idle_ms: number;
  author: string;
  reason: string;
}

export const END_CAUSES = ['time', 'somebody', 'idle'] as const;

/** With what follows from the messages so far: the view `effective_silences`, from which everybody has it. */
export interface EffectiveSilence extends Silence {
  /** When it ends or has ended. Of one in force that may become idle: unless it keeps something back before. */
  until_ms: number;
  /** Why then. */
  end_cause: (typeof END_CAUSES)[number];
  /** Messages about its target while it was in force that nobody was told; an alert's end is told in any case. */
  kept_back: number;
}

export const SILENCE_STATES = ['in_force', 'over'] as const;

export interface SilenceFilter {
  /** Null: either. */
  state: (typeof SILENCE_STATES)[number] | null;
  limit: number;
  /** The last silence of the page before; null for the first page. */
  before: ListKey | null;
}

export interface ListedSilence extends EffectiveSilence {
  /** Open alerts that it is about. */
  open_alerts: number;
}

export type SilenceOutcome = { ok: true; silence: Silence } | { ok: false; what: string };

export interface SilenceStore {
  /** From now on. */
  add(
    silence: Pick<Silence, 'target_type' | 'target_id' | 'ends_at_ms' | 'idle_ms' | 'author' | 'reason'>,
  ): Promise<SilenceOutcome>;
  /** It ends now. Null when there is none of that id, or it has ended. */
  end(silenceId: string): Promise<Silence | null>;
  /** Of these targets, latest first, ended ones too. */
  of(targets: readonly string[]): Promise<EffectiveSilence[]>;
  /** Latest first. At most `limit` + 1: the one too many says that there is another page. */
  list(filter: SilenceFilter): Promise<ListedSilence[]>;
}

const MOST_SILENCES = 200;
const MOST_IN_FORCE = 10_000;
const DAY = 86_400_000;
/** Longer, and it should be an exception in the rules, which has an owner. */
export const LONGEST_SILENCE = 30 * DAY;
/** Less, and what was kept back might not be stored yet; an open alert that goes on is told of every hour. */
export const SHORTEST_IDLE = 60 * 60_000;

const COLUMNS = `silence_id, target_type, target_id, toUnixTimestamp64Milli(starts_at) AS starts_at_ms, toUnixTimestamp64Milli(ends_at) AS ends_at_ms, idle_ms, author, reason,
  toUnixTimestamp64Milli(until) AS until_ms, end_cause, kept_back`;

/** SQL: the silences that were set to end after this moment, as they are in effect. The earlier the moment, the more alerts are read. */
export function effectiveSilences(database: string, since: string): string {
  return `${database}.effective_silences(since = ${since})`;
}

/** All that there ever were. */
const EVER = "'1970-01-01'";
const NOW = 'fromUnixTimestamp64Milli({now:Int64})';

/** Those that have not ended, for whoever tells people. */
export function silencesInForce(
  { query }: Pick<ClickHouse, 'query'>,
  database: string,
  now: number,
): Promise<EffectiveSilence[]> {
  return query<EffectiveSilence>(
    `SELECT ${COLUMNS} FROM ${effectiveSilences(database, NOW)} WHERE until > ${NOW} ORDER BY until DESC LIMIT ${MOST_IN_FORCE} ${LIMITS}`,
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
    async add(wanted) {
      const { ends_at_ms } = wanted;
      const at = now();
      if (ends_at_ms <= at) return { ok: false, what: 'a silence ends in the future' };
      if (ends_at_ms > at + LONGEST_SILENCE)
        return { ok: false, what: 'a silence lasts 30 days at most: for longer, add an exception to the rules' };
      const silence = { silence_id: randomUUID(), starts_at_ms: at, ...wanted };
      await write(silence, at);
      return { ok: true, silence };
    },
    async end(silenceId) {
      const at = now();
      const [found] = await clickHouse.query<EffectiveSilence>(
        `SELECT ${COLUMNS} FROM ${effectiveSilences(database, NOW)} WHERE silence_id = {id:String} AND until > ${NOW} LIMIT 1 ${LIMITS}`,
        { id: silenceId, now: at },
      );
      if (found === undefined) return null;
      const { until_ms: _, end_cause: __, kept_back: ___, ...silence } = found;
      const ended = { ...silence, ends_at_ms: at };
      await write(ended, at);
      return ended;
    },
    of(targets) {
      return clickHouse.query<EffectiveSilence>(
        `SELECT ${COLUMNS} FROM ${effectiveSilences(database, EVER)} WHERE target_id IN {targets:Array(String)}
         ORDER BY starts_at DESC LIMIT ${MOST_SILENCES} ${LIMITS}`,
        { targets: [...targets] },
      );
    },
    list({ state, limit, before }) {
      return clickHouse.query<ListedSilence>(
        `SELECT ${COLUMNS}, about.open_alerts AS open_alerts FROM ${effectiveSilences(database, state === 'in_force' ? NOW : EVER)} AS silence
         LEFT JOIN (
           SELECT about.1 AS kind, about.2 AS name, count() AS open_alerts
           FROM (SELECT * FROM ${database}.alerts FINAL ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id)
           ARRAY JOIN [('alert', alert_id), (toString(subject_type), splitByChar('~', subject_id)[1])] AS about
           WHERE status = 'open' GROUP BY about
         ) AS about ON about.kind = toString(silence.target_type) AND about.name = silence.target_id
         WHERE ({state:String} = '' OR ({state:String} = 'in_force') = (until > ${NOW})) AND ${isAfterKey('starts_at_ms', 'silence_id')}
         ORDER BY starts_at DESC, silence_id DESC LIMIT {limit:UInt32} ${LIMITS}`,
        { state: state ?? '', now: now(), ...keyParameters(before, limit) },
      );
    },
  };
}
