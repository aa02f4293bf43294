import type { Logger } from 'pino';
import type { KafkaClient, KafkaMessage } from './client.ts';
import { createEndOffsets } from './end-offsets.ts';
import { Membership } from './membership.ts';
import type { PartitionFeed } from './partition-feed.ts';

export interface GlobalTableOptions {
  kafka: KafkaClient;
  log: Logger;
  topic: string;
  /** A name for the group that reads it, unique to this process: every process reads all partitions, from the beginning. */
  instance: string;
  /** Applies one batch; must not throw on bad input. */
  apply(topic: string, partition: number, messages: readonly KafkaMessage[]): Promise<void>;
}

export interface GlobalTable {
  start(): Promise<void>;
  /**
   * Resolves when everything that was in the topic at the time of the call has been applied. Waited for before a batch of events is processed: an account
   * written before a call is then known when the call is processed, however the two topics are partitioned and however fast each is read.
   */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** A compacted topic read whole by every process and kept up to date (Kafka Streams: GlobalKTable). Not part of any step's state. */
export function createGlobalTable(options: GlobalTableOptions): GlobalTable {
  const { kafka, log, topic, instance } = options;
  const admin = kafka.admin();
  const endOffsets = createEndOffsets(admin);
  const positions = new Map<number, bigint>();
  const feeds = new Map<number, PartitionFeed>();
  let waiting: (() => void)[] = [];
  let draining: Promise<void> = Promise.resolve();
  let membership: Membership | null = null;
  let failure: Error | null = null;

  const drain = async (): Promise<void> => {
    for (const [partition, feed] of feeds) {
      for (let batch = feed.peek(); batch !== undefined; batch = feed.peek()) {
        await options.apply(topic, partition, batch.messages);
        feed.take();
        positions.set(partition, batch.until);
      }
    }
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const arrived = (): void => {
    draining = draining.then(drain).catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error));
      log.error({ err: failure, topic }, 'a table could not be read');
    });
  };

  return {
    async start() {
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(topic);
      membership = new Membership({
        kafka,
        log,
        groupId: `stillwatch.table.${topic}.${instance}`,
        topics: [topic],
        tasks: 'partition',
        onAssigned: () => {},
      });
      for (const { partition, low } of offsets) {
        const feed = membership.feed(topic, partition, arrived);
        positions.set(partition, BigInt(low));
        feeds.set(partition, feed);
        feed.open(BigInt(low));
      }
      membership.start();
    },
    async caughtUp() {
      const ends = await endOffsets(topic);
      for (;;) {
        if (failure !== null) throw failure;
        const behind = [...ends].some(([partition, end]) => (positions.get(partition) ?? 0n) < end);
        if (!behind) return;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    async stop() {
      await membership?.stop();
      await draining;
      await admin.disconnect();
    },
  };
}
