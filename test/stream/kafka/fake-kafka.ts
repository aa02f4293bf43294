import type { Admin, KafkaClient, KafkaMessage, Producer, Transaction } from '../../../services/stream/kafka/client.ts';
import type { GroupMember } from '../../../services/stream/kafka/membership.ts';
import { PartitionFeed } from '../../../services/stream/kafka/partition-feed.ts';

interface Log {
  low: bigint;
  messages: KafkaMessage[];
  /** Where the next record of a transaction stands. */
  next: number;
  /** First record of the transaction under way. */
  unstable: number | null;
  arrived: Set<() => void>;
}

interface Place {
  offset: string;
  metadata: string | null;
}

export interface FakeKafka {
  kafka: KafkaClient;
  admin: Admin;
  /** A group of one member, which has everything. */
  member: GroupMember;
  /** Adds messages with these values to partition 0 of a topic. */
  append(topic: string, values: readonly unknown[]): void;
  /** What retention does: everything before this offset is gone. */
  deleteBefore(topic: string, offset: bigint): void;
  /** What a group has committed of partition 0 of a topic. */
  committed(group: string, topic: string): Place | undefined;
  commit(group: string, topic: string, place: Place): void;
}

/** As much of a broker as a task or a lane with partition 0 needs, in memory. What a task writes is counted, not kept. */
export function fakeKafka(): FakeKafka {
  const logs = new Map<string, Log>();
  const groups = new Map<string, Map<string, Place>>();
  const logOf = (topic: string): Log => {
    const log = logs.get(topic) ?? { low: 0n, messages: [], next: 0, unstable: null, arrived: new Set() };
    logs.set(topic, log);
    return log;
  };
  const groupOf = (group: string): Map<string, Place> => {
    const places = groups.get(group) ?? new Map<string, Place>();
    groups.set(group, places);
    return places;
  };

  const begin = async (): Promise<Transaction> => {
    let pending = (): void => {};
    const written = new Set<Log>();
    const settle = (): void => {
      for (const log of written) log.unstable = null;
    };
    return {
      abort: async () => settle(),
      async sendBatch({ topicMessages }: Parameters<Transaction['sendBatch']>[0]) {
        return (topicMessages ?? []).map(({ topic, messages }) => {
          const log = logOf(topic);
          const base = Math.max(log.next, log.messages.length);
          log.next = base + messages.length;
          log.unstable ??= base;
          written.add(log);
          return { topicName: topic, partition: 0, errorCode: 0, baseOffset: String(base) };
        });
      },
      async sendOffsets({ consumerGroupId, topics }: Parameters<Transaction['sendOffsets']>[0]) {
        pending = () => {
          for (const { topic, partitions } of topics)
            for (const { offset, metadata = null } of partitions as (Omit<Place, 'metadata'> & Partial<Place>)[])
              groupOf(consumerGroupId).set(topic, { offset, metadata });
        };
      },
      async commit() {
        settle();
        pending();
      },
    } as Transaction;
  };
  const producer = { connect: async () => {}, disconnect: async () => {}, transaction: begin } as Producer;

  const admin: Partial<Admin> = {
    async fetchOffsets({ groupId, topics = [] }: Parameters<Admin['fetchOffsets']>[0]) {
      return topics.map((topic) => {
        const place = groupOf(groupId).get(topic) ?? { offset: '-1', metadata: null };
        return { topic, partitions: [{ partition: 0, ...place }] };
      });
    },
    async fetchTopicOffsets(topic: string) {
      const { low, messages, next, unstable } = logOf(topic);
      const high = String(unstable ?? Math.max(next, messages.length));
      return [{ partition: 0, offset: high, high, low: low.toString() }];
    },
    deleteTopicRecords: async () => {},
  };

  const member: GroupMember = {
    feed(topic, partition, arrived) {
      const log = logOf(topic);
      let position: bigint | null = null;
      const fetch = (): void => {
        if (position === null) return;
        const { low, messages } = log;
        // Where a position is gone, kafkajs goes on with what is left.
        const from = position < low ? low : position;
        const until = BigInt(messages.length);
        if (from < until && feed.offer({ from, until, highWatermark: until, messages: messages.slice(Number(from)) }))
          position = until;
      };
      log.arrived.add(() => setImmediate(fetch));
      const feed: PartitionFeed = new PartitionFeed(
        topic,
        partition,
        {
          seek(offset) {
            position = offset;
            setImmediate(fetch);
          },
          pause() {},
          resume() {},
        },
        arrived,
      );
      return feed;
    },
    drop: (feed) => feed.close(),
    isConfirmed: async () => true,
    watchOusting: () => () => null,
  };

  return {
    kafka: { transactionalProducer: () => producer } as Partial<KafkaClient> as KafkaClient,
    admin: admin as Admin,
    member,
    append(topic, values) {
      const { messages, arrived } = logOf(topic);
      for (const value of values)
        messages.push({
          key: null,
          value: Buffer.from(JSON.stringify(value)),
          offset: String(messages.length),
          timestamp: '0',
          attributes: 0,
          headers: {},
        });
      for (const tell of arrived) tell();
    },
    deleteBefore(topic, offset) {
      logOf(topic).low = offset;
    },
    committed: (group, topic) => groupOf(group).get(topic),
    commit: (group, topic, place) => void groupOf(group).set(topic, place),
  };
}
