import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { EndOffsets } from './end-offsets.ts';

/** The next offset that a reader has not dealt with. */
export interface Position {
  topic: string;
  partition: number;
  offset: bigint;
}

/** Records that lie before a reader. */
export interface Lag {
  topic: string;
  partition: number;
  records: number;
}

/** A position below 0 is not known yet, and a partition whose end nobody knows is left out. */
export async function lagsOf(positions: readonly Position[], endOffsets: EndOffsets): Promise<Lag[]> {
  const topics = [...new Set(positions.map(({ topic }) => topic))];
  const ends = new Map(await Promise.all(topics.map(async (topic) => [topic, await endOffsets(topic)] as const)));
  return positions.flatMap(({ topic, partition, offset }) => {
    const end = ends.get(topic)?.get(partition);
    if (offset < 0n || end === undefined) return [];
    // The reader may have gone on since the end was asked for.
    return [{ topic, partition, records: Number(end > offset ? end - offset : 0n) }];
  });
}

/** Milliseconds. */
const EVERY = 5_000;

/**
 * Measures on a clock of its own: a reader that is stuck, or that waits for somebody else, says nothing of what comes in meanwhile. Gives what ends it, which
 * does not wait for a question to a broker that is away.
 */
export function measureRegularly(measure: () => Promise<void>, log: Logger, every = EVERY): () => void {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await measure().catch((error: unknown) => log.debug({ err: error }, 'not measured; it will be tried again'));
      await delay(every, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  };
  void run();
  return () => stopping.abort();
}
