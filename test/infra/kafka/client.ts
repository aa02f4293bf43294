import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { makeTopics } from '../../../services/stream/kafka/make-topics.ts';

/** kafkajs straight on, without the product's client: these tests are about the broker. */
export function connectTo(brokers: string): Kafka {
  return new Kafka({
    clientId: 'infra-test',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 20, maxRetryTime: 1_000 },
  });
}

export async function createTopic(
  kafka: Kafka,
  topic: string,
  configEntries: { name: string; value: string }[] = [],
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await makeTopics(admin, [{ topic, numPartitions: 1, configEntries }]);
  } finally {
    await admin.disconnect();
  }
}

export async function withProducer(
  kafka: Kafka,
  use: (producer: Producer) => Promise<void>,
  transactionalId?: string,
): Promise<void> {
  const createPartitioner = Partitioners.DefaultPartitioner;
  const producer = kafka.producer(
    transactionalId === undefined
      ? { createPartitioner }
      : { createPartitioner, transactionalId, idempotent: true, maxInFlightRequests: 1 },
  );
  await producer.connect();
  try {
    await use(producer);
  } finally {
    await producer.disconnect();
  }
}

/** Committed values of a topic from its start, in order; settles when `count` have come. */
export async function readValues(
  kafka: Kafka,
  topic: string,
  count: number,
): Promise<{ value: string; timestamp: string }[]> {
  const consumer = kafka.consumer({ groupId: `read-${topic}-${count}` });
  await consumer.connect();
  const found: { value: string; timestamp: string }[] = [];
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          eachMessage: async ({ message }) => {
            found.push({ value: String(message.value), timestamp: message.timestamp });
            if (found.length === count) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return found;
}
