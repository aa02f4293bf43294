import type { Codecs } from '../records/codec/codecs.ts';
import type { DeadLetter } from '../records/dead-letter.ts';
import { type ReadTopicOptions, readTopic } from '../stream/kafka/read-topic.ts';
import { TOPICS } from '../stream/topics.ts';

/** A dead letter as it is found on its topic. */
export interface Letter extends DeadLetter {
  /** Wall time at which it was refused, milliseconds. */
  rejected_at: number;
}

/** What reading or writing letters needs of Kafka. */
export interface LetterDeps extends Omit<ReadTopicOptions, 'topic' | 'since'> {
  codecs: Codecs;
}

/** A letter is known by the place of its original: `topic/partition/offset`. */
export function letterId({ topic, partition, offset }: Pick<DeadLetter, 'topic' | 'partition' | 'offset'>): string {
  return `${topic}/${partition}/${offset}`;
}

/** Which letters are meant; absent: any. */
export interface LetterFilter {
  ids?: ReadonlySet<string>;
  reasons?: ReadonlySet<string>;
  topics?: ReadonlySet<string>;
  /** Refused at or after, and before: wall time, milliseconds. */
  since?: number;
  until?: number;
}

export function isMeant(letter: Letter, { ids, reasons, topics, since, until }: LetterFilter): boolean {
  return (
    (ids?.has(letterId(letter)) ?? true) &&
    (reasons?.has(letter.reason) ?? true) &&
    (topics?.has(letter.topic) ?? true) &&
    letter.rejected_at >= (since ?? Number.NEGATIVE_INFINITY) &&
    letter.rejected_at < (until ?? Number.POSITIVE_INFINITY)
  );
}

/**
 * The letters that are meant, oldest first, one in memory at a time. They come from the topic, where their bytes are, and not from ClickHouse, which has only
 * their places and reasons, knows nothing of what was requeued, and may be away or behind.
 */
export async function* readLetters({ codecs, ...kafka }: LetterDeps, filter: LetterFilter): AsyncGenerator<Letter> {
  const codec = codecs.of('dead-letter');
  for await (const message of readTopic({ ...kafka, topic: TOPICS.deadLetters, since: filter.since ?? null })) {
    await codecs.prepare([message]);
    const decoded = codec.decode(message.value);
    // What somebody else wrote there is no letter of ours: it has no place to go back to.
    if (!decoded.ok) continue;
    const letter: Letter = { ...decoded.value, rejected_at: Number(message.timestamp) };
    if (isMeant(letter, filter)) yield letter;
  }
}
