import { StillwatchError } from '../platform/errors.ts';
import type { DeadLetter } from '../records/dead-letter.ts';
import type { Admin } from '../stream/kafka/client.ts';
import { isFenced } from '../stream/kafka/errors.ts';
import { Outbox } from '../stream/kafka/outbox.ts';
import { type OutgoingMessage, TransactionLine } from '../stream/kafka/transaction.ts';
import { withAdmin } from '../stream/kafka/with-admin.ts';
import { TOPICS } from '../stream/topics.ts';
import { type Letter, type LetterDeps, type LetterFilter, letterId, readLetters } from './letter.ts';
import { type RequeuedAt, readRequeued, requeuedKey, requeuedRecord } from './requeued.ts';
import { REQUEUED_TOPICS } from './way-back.ts';

export interface RequeueDeps extends LetterDeps {
  now(): number;
  /** Told after each transaction. */
  progress?(sent: number): void;
}

export interface RequeueSummary {
  /** Sent to their topics again. */
  requeued: number;
  /** Left alone: that has been done before. */
  already: number;
  /** Left alone: from a stream of our own (see REQUEUED_TOPICS). */
  internal: number;
  /** Ids that were asked for and are on no letter. */
  missing: string[];
}

/** Transactional id of whoever requeues: the one who begins later fences the one who began before. */
export const REQUEUER = 'stillwatch.requeue';

/** A transaction holds up the readers of its topics while it is open: keep it short. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_LETTERS = 500;

/**
 * Sends the originals of the letters that are meant to their topic and partition again, each once, whoever asks how often and whatever was killed in between:
 *
 * 1. Fence: the broker gives up what an earlier requeuer left open, and refuses all that it still wants to write.
 * 2. Only then read what was requeued: nobody else can add to it now.
 * 3. Send a letter's original and the record that it was requeued in one transaction: both are there, or neither.
 *
 * A repetition has a time stamp of its own: what was too far ahead of its time when Kafka got it first may not be any more.
 */
export async function requeue(deps: RequeueDeps, filter: LetterFilter): Promise<RequeueSummary> {
  const { kafka, codecs, log, now, progress } = deps;
  const partitions = await withAdmin(kafka, partitionCounts);
  const line = await TransactionLine.open(kafka, REQUEUER, log);
  try {
    const requeued = await readRequeued(deps);
    const outbox = new Outbox();
    let waiting = 0;
    let sent = 0;
    const flush = async (): Promise<void> => {
      if (waiting === 0) return;
      await line.send(outbox.take());
      sent += waiting;
      waiting = 0;
      progress?.(sent);
    };
    const summary = await triage(deps, filter, requeued, async (letter, key) => {
      if (letter.partition >= (partitions.get(letter.topic) ?? 0))
        throw new StillwatchError(
          'NOT_FOUND',
          `${letterId(letter)} cannot go back: ${letter.topic} has no partition ${letter.partition} any more`,
          'leave it out; the topic was made anew with fewer',
        );
      const at = now();
      requeued.set(key, at);
      outbox.add(letter.topic, letter.partition, repetition(letter, at));
      outbox.add(TOPICS.requeued, 0, { key, value: codecs.of('requeued-letter').encode(requeuedRecord(letter, at)) });
      if (++waiting >= MOST_LETTERS || outbox.bytes >= MOST_BYTES) await flush();
    });
    await flush();
    await line.closed();
    return summary;
  } catch (error) {
    line.close();
    if (!isFenced(error)) throw error;
    throw new StillwatchError(
      'OVERTAKEN',
      'somebody else has begun to requeue, and goes on alone',
      'wait for them, then run it again: what was sent is recorded and is not sent again',
      error,
    );
  }
}

/** What `requeue` would do now. Sends nothing and fences nobody. */
export async function rehearse(deps: LetterDeps, filter: LetterFilter): Promise<RequeueSummary> {
  const requeued = await readRequeued(deps);
  return await triage(deps, filter, requeued, async (_, key) => {
    requeued.set(key, 0);
  });
}

/** Goes through the letters that are meant and hands on each that is to be sent, which must then be in `requeued`. */
async function triage(
  deps: LetterDeps,
  filter: LetterFilter,
  requeued: RequeuedAt,
  send: (letter: Letter, key: string) => Promise<void>,
): Promise<RequeueSummary> {
  const missing = new Set(filter.ids);
  const counts = { requeued: 0, already: 0, internal: 0 };
  for await (const letter of readLetters(deps, filter)) {
    const key = requeuedKey(letter);
    missing.delete(letterId(letter));
    if (!REQUEUED_TOPICS.has(letter.topic)) counts.internal++;
    else if (requeued.has(key)) counts.already++;
    else {
      await send(letter, key);
      counts.requeued++;
    }
  }
  return { ...counts, missing: [...missing] };
}

/** What says of a message that it is a repetition, of what, and why it was refused. */
export const REQUEUE_HEADERS = {
  from: 'stillwatch_requeued_from',
  reason: 'stillwatch_requeued_reason',
  at: 'stillwatch_requeued_at',
} as const;

function repetition(letter: DeadLetter, at: number): OutgoingMessage {
  const { key, value, reason } = letter;
  return {
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: {
      [REQUEUE_HEADERS.from]: letterId(letter),
      [REQUEUE_HEADERS.reason]: reason,
      [REQUEUE_HEADERS.at]: new Date(at).toISOString(),
    },
  };
}

async function partitionCounts(admin: Admin): Promise<Map<string, number>> {
  const there = new Set(await admin.listTopics());
  if (!there.has(TOPICS.requeued))
    throw new StillwatchError('NOT_FOUND', `there is no topic ${TOPICS.requeued}`, 'run stillwatch topics apply');
  const topics = [...REQUEUED_TOPICS].filter((topic) => there.has(topic));
  const metadata = await admin.fetchTopicMetadata({ topics });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}
