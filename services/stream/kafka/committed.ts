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
  const offsets = (await readOffsets(admin, step, [topic])).get(topic) ?? [];
  for (const [partition, { committed }] of offsets) if (committed !== null) truth.set(partition, committed);
  return truth;
}

/** What one task has committed. */
export interface OwnCommitted {
  committed: Committed;
  /** Where the next record of each of its inputs is; null for those that it never had. */
  positions: (bigint | null)[];
}

/** The committed truth of one task, by its inputs; null when nothing was ever committed. An offset that somebody else committed is fatal: nothing can be built on it. */
export async function readOwnCommitted(
  admin: Admin,
  step: string,
  inputs: readonly { topic: string; partition: number }[],
): Promise<OwnCommitted | null> {
  const offsets = await readOffsets(admin, step, [...new Set(inputs.map(({ topic }) => topic))]);
  const places = inputs.map(({ topic, partition }) => offsets.get(topic)?.get(partition));
  // A single task that reads many partitions has its metadata with the first of them only.
  const [input] = inputs;
  const [own] = places;
  if (input === undefined || own === undefined || own.offset < 0n) return null;
  const { committed } = own;
  if (committed !== null)
    return {
      committed,
      positions: places.map((place) => (place === undefined || place.offset < 0n ? null : place.offset)),
    };
  throw new FatalStateError(
    `group ${offsetsGroup(step)} has an offset for ${input.topic}/${input.partition} that stillwatch did not write`,
    `find out who commits to this group; then delete it (kafka-consumer-groups --delete) and the step's state topic to begin anew`,
  );
}

interface Place {
  offset: bigint;
  committed: Committed | null;
}

/** By topic and partition. */
async function readOffsets(admin: Admin, step: string, topics: string[]): Promise<Map<string, Map<number, Place>>> {
  const answers = await admin.fetchOffsets({ groupId: offsetsGroup(step), topics });
  return new Map(
    answers.map(({ topic, partitions }) => [
      topic,
      new Map(
        partitions.map(({ partition, offset, metadata }): [number, Place] => {
          const committed: Committed | null = metadata ? JSON.parse(metadata) : null;
          return [partition, { offset: BigInt(offset), committed: committed?.version === 1 ? committed : null }];
        }),
      ),
    ]),
  );
}
