import { stateTopic } from '../../../services/stream/kafka/binding.ts';
import type { KafkaClient } from '../../../services/stream/kafka/client.ts';
import { makeTopics } from '../../../services/stream/kafka/make-topics.ts';
import { withAdmin } from '../../../services/stream/kafka/with-admin.ts';
import type { ToySettings } from './toy.ts';

export interface ToyMessage {
  key: string;
  partition: number;
  value: string;
}

const MOST_AT_ONCE = 5_000;

/** The topics of a toy step of this name, and how to run it. */
export async function prepareToy(
  kafka: KafkaClient,
  brokers: string,
  name: string,
  partitions: number,
): Promise<ToySettings> {
  const settings = { brokers, step: name, input: `${name}.in`, output: `${name}.out`, idleSpeed: 1e6 };
  await withAdmin(kafka, (admin) =>
    makeTopics(admin, [
      ...[settings.input, settings.output, stateTopic(name)].map((topic) => ({ topic, numPartitions: partitions })),
      { topic: `${settings.output}.dead`, numPartitions: 1 },
    ]),
  );
  return settings;
}

export async function sendTo(kafka: KafkaClient, topic: string, messages: readonly ToyMessage[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  for (let i = 0; i < messages.length; i += MOST_AT_ONCE)
    await producer.send({ topic, messages: messages.slice(i, i + MOST_AT_ONCE) });
  await producer.disconnect();
}

/** Reads committed records until `done`, or until `failed` rejects, and then whatever else is there, in the order of their coming. */
export async function readUntil(
  kafka: KafkaClient,
  topic: string,
  done: (rows: string[]) => boolean,
  failed: Promise<never> = new Promise(() => {}),
): Promise<string[]> {
  const consumer = kafka.consumer({ groupId: `reader-${topic}-${Math.round(performance.now())}`, maxWaitTimeInMs: 50 });
  const rows: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  await consumer.run({
    eachBatch: async ({ batch, resolveOffset }) => {
      for (const { value } of batch.messages) if (value !== null) rows.push(value.toString());
      resolveOffset(batch.lastOffset());
      if (done(rows)) resolve();
    },
  });
  try {
    await Promise.race([complete, failed]);
  } finally {
    await consumer.disconnect();
  }
  return rows;
}
