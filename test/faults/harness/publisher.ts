import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaClient } from '../../../services/stream/kafka/client.ts';
import type { InputMessage } from './input.ts';
import { type PatientAdmin, within } from './patient-admin.ts';

/** Messages of one send: a partition's are one batch, which Kafka takes whole or not at all. */
const MOST_AT_ONCE = 1_000;
const TRIED_FOR = 180_000;
const SENT_WITHIN = 45_000;
/** After this long a request that failed does not arrive any more. */
const SETTLES_WITHIN = 2_000;

/**
 * Sends each message exactly once, in order, whatever happens to brokers meanwhile: after a failure it looks at the ends of the partitions, which nobody else
 * writes to, for what has arrived.
 */
export function createPublisher(
  kafka: KafkaClient,
  admin: PatientAdmin,
): (messages: readonly InputMessage[]) => Promise<void> {
  const ends = new Map<string, number>();

  const send = async (messages: readonly InputMessage[]): Promise<void> => {
    // A producer of its own each time: kafkajs' does not outlive every restart of a broker.
    const producer = kafka.producer();
    const topics = Map.groupBy(messages, ({ topic }) => topic);
    const work = async (): Promise<void> => {
      await producer.connect();
      await producer.sendBatch({
        acks: -1,
        topicMessages: [...topics].map(([topic, part]) => ({ topic, messages: part })),
      });
    };
    try {
      await within(SENT_WITHIN, 'Kafka takes the input', work());
    } finally {
      // Not waited for: a broken one takes its time.
      void producer.disconnect().catch(() => {});
    }
  };

  const publishPart = async (messages: readonly InputMessage[]): Promise<void> => {
    const latest = performance.now() + TRIED_FOR;
    let left = Map.groupBy(messages, ({ topic, partition }) => `${topic}/${partition}`);
    const arrived = (place: string): void => {
      ends.set(place, (ends.get(place) ?? 0) + (left.get(place)?.length ?? 0));
      left = new Map([...left].filter(([other]) => other !== place));
    };
    while (left.size > 0) {
      try {
        await send([...left.values()].flat());
        for (const place of left.keys()) arrived(place);
      } catch (error) {
        if (performance.now() > latest) throw error;
        await delay(SETTLES_WITHIN);
        for (const topic of new Set(messages.map((message) => message.topic)))
          for (const { partition, high } of await admin.ask((one) => one.fetchTopicOffsets(topic)).catch(() => []))
            if (left.has(`${topic}/${partition}`) && Number(high) > (ends.get(`${topic}/${partition}`) ?? 0))
              arrived(`${topic}/${partition}`);
      }
    }
  };

  return async (messages) => {
    for (let from = 0; from < messages.length; from += MOST_AT_ONCE)
      await publishPart(messages.slice(from, from + MOST_AT_ONCE));
  };
}
