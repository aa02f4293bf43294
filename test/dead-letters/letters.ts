import { createCodecs } from '../../services/records/codec/codecs.ts';
import type { KafkaClient } from '../../services/stream/kafka/client.ts';
import { deadLetterOutput } from '../../services/stream/kafka/record-bindings.ts';
import { TOPICS } from '../../services/stream/topics.ts';

/** What a test says of a letter. */
export interface WrittenLetter {
  topic: string;
  partition: number;
  offset: number;
  reason?: string;
  key?: Buffer | null;
  value: Buffer | null;
}

/** Puts letters on their topic, as a step does. */
export async function writeLetters(kafka: KafkaClient, letters: readonly WrittenLetter[]): Promise<void> {
  const { encode } = deadLetterOutput(createCodecs(null));
  const producer = kafka.producer();
  await producer.connect();
  const messages = letters.map(({ topic, partition, offset, reason = 'not_avro', key = null, value }) => ({
    ...encode({
      reason,
      detail: 'for a test',
      topic,
      partition,
      message: { key, value, offset: String(offset), timestamp: '1', attributes: 0, headers: {} },
    }),
    partition: 0,
  }));
  await producer.send({ topic: TOPICS.deadLetters, messages });
  await producer.disconnect();
}
