import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EffectiveSilence } from '../feedback/silences.ts';
import type { Alert } from '../records/alert.ts';
import { clusterOfSubject } from '../records/subject-window.ts';

export type SilencedAlert = Pick<Alert, 'alert_id' | 'subject_type' | 'subject_id'>;

/** Whom on-call asked not to be told about. */
export interface Silences {
  covers(alert: SilencedAlert, now: number): boolean;
  /** Resolves when they have been read once, or could not be. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SilencesDeps {
  /** Those that have not ended. */
  read(): Promise<readonly EffectiveSilence[]>;
  /** They have been. */
  wereRead(): void;
  log: Logger;
  /** Milliseconds from one reading to the next: so long a silence may take to be heeded. */
  every: number;
}

/** For `notify` where nobody can silence. */
export const NO_SILENCES: Silences = { covers: () => false, start: async () => {}, stop: async () => {} };

/** Milliseconds for the first reading: a database that does not answer must not keep people from being told. */
const PATIENCE = 2_000;

/**
 * Read again and again, and kept as they were last read while the database is away: who was silenced stays so until the silence ends. What is not known is told:
 * a page too many wakes somebody, a page too few nobody.
 *
 *   unread --read--> known --failed--> known, stale --read--> known
 *      |                                                        ^
 *      +--failed--> unread, nothing is silenced ----read--------+
 */
export function createSilences({ read, wereRead, log, every }: SilencesDeps): Silences {
  const stopping = new AbortController();
  let known: readonly EffectiveSilence[] = [];
  let isFailing = false;
  let loop: Promise<void> | null = null;

  const refresh = async (): Promise<void> => {
    try {
      known = await read();
      wereRead();
      if (isFailing) log.info({ silences: known.length }, 'silences are read again');
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        log.warn({ err: error, silences: known.length }, 'silences cannot be read; those known stay in force');
      isFailing = true;
    }
  };
  const run = async (first: Promise<void>): Promise<void> => {
    await first;
    while (!stopping.signal.aborted) {
      await delay(every, undefined, { signal: stopping.signal }).catch(() => {});
      if (!stopping.signal.aborted) await refresh();
    }
  };

  return {
    covers: (alert, now) => silenceOf(known, alert, now) !== null,
    async start() {
      const first = refresh();
      loop = run(first);
      await Promise.race([first, delay(PATIENCE, undefined, { ref: false })]);
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/** One that covers an alert at a moment; null: nobody has silenced it. */
export function silenceOf(
  known: readonly EffectiveSilence[],
  { alert_id, subject_type, subject_id }: SilencedAlert,
  now: number,
): EffectiveSilence | null {
  return (
    known.find(
      ({ target_type, target_id, starts_at_ms, until_ms }) =>
        starts_at_ms <= now &&
        now < until_ms &&
        (target_type === 'alert'
          ? target_id === alert_id
          : subject_type === 'cluster' && target_id === clusterOfSubject(subject_id)),
    ) ?? null
  );
}
