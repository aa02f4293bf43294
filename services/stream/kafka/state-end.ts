import type { PartitionFeed } from './partition-feed.ts';

/** How a task reads its partition of the state topic. */
export interface StateReading {
  feed: PartitionFeed;
  /** Resolves when the feed has something, or after a moment. */
  arrival(): Promise<void>;
  isClosing(): boolean;
}

/** A transaction's marker stands after its last record. */
const MARKER = 1n;

/** Where the last committed record of state ends that stands before `at` and not before `from`; null when there is none but markers and probes. */
export async function endOfState(
  { feed, arrival, isClosing }: StateReading,
  from: bigint,
  at: bigint,
): Promise<bigint | null> {
  if (at - from <= MARKER) return null;
  let end: bigint | null = null;
  feed.open(from);
  try {
    for (let position = from; position < at; ) {
      const batch = feed.peek();
      if (batch === undefined) {
        if (isClosing()) throw new Error('closing');
        if (feed.isLost())
          throw new Error(`${feed.topic}/${feed.partition} is not delivered from ${position}, where it was asked for`);
        await arrival();
        continue;
      }
      feed.take();
      for (const { offset, value } of batch.messages)
        if (value !== null && BigInt(offset) < at) end = BigInt(offset) + 1n;
      position = batch.until;
    }
  } finally {
    feed.close();
  }
  return end;
}
