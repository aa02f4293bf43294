import type { Logger } from 'pino';
import type { KafkaClient, KafkaMessage } from './client.ts';
import { Membership } from './membership.ts';
import type { PartitionFeed } from './partition-feed.ts';
import { Signal } from './signal.ts';

export interface ReadTopicOptions {
  kafka: KafkaClient;
  log: Logger;
  topic: string;
  /** Unique to this process: names the group that reads. */
  instance: string;
  /** Only what was written at or after this wall time, milliseconds; null: all that is kept. */
  since?: number | null;
}

/** How the groups of all who read a topic once begin. */
export function readGroups(topic: string): string {
  return `stillwatch.read.${topic}.`;
}

/** Milliseconds without one fetch. */
const LONGEST_WAIT = 30_000;

/**
 * What a topic holds at the time of the call, once: partition by partition in order, a few fetches in memory. Up to its last stable offset, which is what a
 * broker calls the end for those who read only what is committed: nothing that stands behind a transaction still open. For commands that look at a topic
 * and end; a service that follows one has a global table. A caller that stops early ends the reading.
 */
export async function* readTopic({
  kafka,
  log,
  topic,
  instance,
  since = null,
}: ReadTopicOptions): AsyncGenerator<KafkaMessage> {
  const admin = kafka.admin();
  await admin.connect();
  const signal = new Signal();
  let forbidden: Error | null = null;
  const membership = new Membership({
    kafka,
    log,
    groupId: `${readGroups(topic)}${instance}`,
    topics: [topic],
    tasks: 'partition',
    onAssigned: () => {},
    onForbidden(error) {
      forbidden = error;
      signal.wake();
    },
  });
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    const starts = since === null ? [] : await admin.fetchTopicOffsetsByTimestamp(topic, since);
    const open = new Map<PartitionFeed, bigint>();
    for (const { partition, low, high } of offsets) {
      const start = starts.find((entry) => entry.partition === partition)?.offset ?? low;
      if (BigInt(start) >= BigInt(high)) continue;
      const feed = membership.feed(topic, partition, () => signal.wake());
      feed.open(BigInt(start));
      open.set(feed, BigInt(high));
    }
    if (open.size === 0) return;
    membership.start();
    const isEmpty = (): boolean => [...open.keys()].every((feed) => feed.peek() === undefined);
    while (open.size > 0) {
      if (isEmpty()) await signal.wait(LONGEST_WAIT);
      if (forbidden !== null) throw forbidden;
      if (isEmpty()) throw new Error(`${topic} was not delivered to its end within ${LONGEST_WAIT / 1_000} s`);
      for (const [feed, end] of open) {
        const batch = feed.peek();
        if (batch === undefined) continue;
        for (const message of batch.messages) if (BigInt(message.offset) < end) yield message;
        feed.take();
        if (batch.until < end) continue;
        open.delete(feed);
        membership.drop(feed);
      }
    }
  } finally {
    await membership.stop();
    await admin.disconnect();
  }
}
