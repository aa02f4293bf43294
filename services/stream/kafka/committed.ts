import type { Admin } from './client.ts';
import { FatalStateError } from './errors.ts';

/**
 * What a task's last transaction says of it: kept as the metadata of the committed offset of its first input, so that it changes with the offsets or not at
 * all. The group it is kept in is not the consumers' group: kafkajs overwrites offsets of that one when a position was deleted by retention.
 */
export interface Committed {
  version: 1;
  /** The state log, from the oldest record needed to after the last record of this transaction. */
  state: { from: string; until: string };
  watermark: number;
  /** Latest event time seen. */
  latest: number;
  /** Nothing has come for the idle timeout, and all that there was is processed. */
  idle: boolean;
}

export function offsetsGroup(step: string): string {
  return `stillwatch.${step}.offsets`;
}

export function encodeCommitted(committed: Committed): string {
  return JSON.stringify(committed);
}

/** The committed truth of every task, by partition of the step's first input. Partitions without our metadata are left out: see `readOwnCommitted`. */
export async function readCommitted(admin: Admin, step: string, topic: string): Promise<Map<number, Committed>> {
  const truth = new Map<number, Committed>();
  for (const [partition, { committed }] of await readOffsets(admin, step, topic))
    if (committed !== null) truth.set(partition, committed);
  return truth;
}

/** The committed truth of one task; null when nothing was ever committed. An offset that somebody else committed is fatal: nothing can be built on it. */
export async function readOwnCommitted(
  admin: Admin,
  step: string,
  topic: string,
  partition: number,
): Promise<Committed | null> {
  const own = (await readOffsets(admin, step, topic)).get(partition);
  if (own === undefined || own.offset < 0n) return null;
  if (own.committed !== null) return own.committed;
  throw new FatalStateError(
    `group ${offsetsGroup(step)} has an offset for ${topic}/${partition} that stillwatch did not write`,
    `find out who commits to this group; then delete it (kafka-consumer-groups --delete) and the step's state topic to begin anew`,
  );
}

/** Where the next record of each of these partitions is, by the last transaction; none for those that it never had. */
export async function readPositions(
  admin: Admin,
  step: string,
  inputs: readonly { topic: string; partition: number }[],
): Promise<(bigint | null)[]> {
  const byTopic = new Map(
    await Promise.all(
      [...new Set(inputs.map(({ topic }) => topic))].map(
        async (topic) => [topic, await readOffsets(admin, step, topic)] as const,
      ),
    ),
  );
  return inputs.map(({ topic, partition }) => {
    const offset = byTopic.get(topic)?.get(partition)?.offset ?? -1n;
    return offset < 0n ? null : offset;
  });
}

/** A single task that reads many partitions has its metadata with the first of them only. */
async function readOffsets(
  admin: Admin,
  step: string,
  topic: string,
): Promise<Map<number, { offset: bigint; committed: Committed | null }>> {
  const [answer] = await admin.fetchOffsets({ groupId: offsetsGroup(step), topics: [topic] });
  return new Map(
    (answer?.partitions ?? []).map(({ partition, offset, metadata }) => {
      const committed: Committed | null = metadata ? JSON.parse(metadata) : null;
      return [partition, { offset: BigInt(offset), committed: committed?.version === 1 ? committed : null }];
    }),
  );
}
