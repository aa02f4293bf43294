import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
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
  /** Applies one batch; must not throw on bad input. Rejects when that cannot be done now, and is then asked again. */
  apply(topic: string, partition: number, messages: readonly KafkaMessage[]): Promise<void>;
  /** A right is missing. It is tried again; where nothing goes on without the table, the process must end. */
  onForbidden?(error: Error): void;
}

export interface GlobalTable {
  start(): Promise<void>;
  /**
   * Resolves when everything that was in the topic at the time of the call has been applied. Waited for before a batch of events is processed: an account
   * written before a call is then known when the call is processed, however the two topics are partitioned and however fast each is read. Rejects when
   * that takes too long: the caller can then stop, or try again.
   */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds. */
const RETRY = 500;
const LONGEST_WAIT = 10_000;

/** How the groups of all who read a topic as a table begin. */
export function tableGroups(topic: string): string {
  return `stillwatch.table.${topic}.`;
}

/** A compacted topic read whole by every process and kept up to date (Kafka Streams: GlobalKTable). Not part of any step's state. */
export function createGlobalTable(options: GlobalTableOptions): GlobalTable {
  const { kafka, log, topic, instance } = options;
  const admin = kafka.admin();
  const endOffsets = createEndOffsets(admin);
  const positions = new Map<number, bigint>();
  const feeds = new Map<number, PartitionFeed>();
  const applied = new EventEmitter().setMaxListeners(0);
  let draining: Promise<void> = Promise.resolve();
  let membership: Membership | null = null;
  /** Why the last batch could not be applied; null when it could. */
  let hindered: unknown = null;
  const stopping = new AbortController();

  const drain = async (): Promise<void> => {
    for (const [partition, feed] of feeds) {
      for (let batch = feed.peek(); batch !== undefined; batch = feed.peek()) {
        await options.apply(topic, partition, batch.messages);
        feed.take();
        positions.set(partition, batch.until);
      }
    }
    applied.emit('progress');
  };
  /** What applying needs may be away (the schema registry): the batch stays where it is, and is tried again. */
  const drainAll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await drain();
        hindered = null;
        return;
      } catch (error) {
        hindered = error;
        log.warn({ err: error, topic }, 'a table cannot be read now; it is tried again');
        await delay(RETRY, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const arrived = (): void => {
    draining = draining.then(drainAll);
  };

  return {
    async start() {
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(topic);
      membership = new Membership({
        kafka,
        log,
        groupId: `${tableGroups(topic)}${instance}`,
        topics: [topic],
        tasks: 'partition',
        onAssigned: () => {},
        onForbidden: options.onForbidden,
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
      const isBehind = (): boolean => [...ends].some(([partition, end]) => (positions.get(partition) ?? 0n) < end);
      const late = AbortSignal.timeout(LONGEST_WAIT);
      while (isBehind()) {
        await once(applied, 'progress', { signal: late }).catch((cause: unknown) => {
          throw new Error(`${topic} was not read to its end within ${LONGEST_WAIT / 1_000} s`, {
            cause: hindered ?? cause,
          });
        });
      }
    },
    async stop() {
      stopping.abort();
      await membership?.stop();
      await draining;
      await admin.disconnect();
    },
  };
}
