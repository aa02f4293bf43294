import type { DeadLetter, RequeuedLetter } from '../records/dead-letter.ts';
import { readTopic } from '../stream/kafka/read-topic.ts';
import { TOPICS } from '../stream/topics.ts';
import { type LetterDeps, letterId } from './letter.ts';

/** Which letters were requeued, and when. */
export type RequeuedAt = ReadonlyMap<string, number>;

/**
 * What a letter is recorded under. With the original's time stamp: a topic that was deleted and made anew counts its offsets from zero again, and another
 * message then stands in the same place. The same original, refused a second time (a step that was set back), is the same letter.
 */
export function requeuedKey(letter: Pick<DeadLetter, 'topic' | 'partition' | 'offset' | 'timestamp'>): string {
  return `${letterId(letter)}@${letter.timestamp}`;
}

export async function readRequeued({ codecs, ...kafka }: LetterDeps): Promise<Map<string, number>> {
  const codec = codecs.of('requeued-letter');
  const requeued = new Map<string, number>();
  for await (const message of readTopic({ ...kafka, topic: TOPICS.requeued })) {
    await codecs.prepare([message]);
    const decoded = codec.decode(message.value);
    if (decoded.ok) requeued.set(requeuedKey(decoded.value), decoded.value.requeued_at);
  }
  return requeued;
}

export function requeuedRecord(
  { topic, partition, offset, timestamp, reason }: DeadLetter,
  now: number,
): RequeuedLetter {
  return { topic, partition, offset, timestamp, reason, requeued_at: now };
}
