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

/** The committed truth of every task, by partition of the step's first input; null where nothing was ever committed. */
export async function readCommitted(admin: Admin, step: string, topic: string): Promise<Map<number, Committed | null>> {
  const [answer] = await admin.fetchOffsets({ groupId: offsetsGroup(step), topics: [topic] });
  const truth = new Map<number, Committed | null>();
  for (const { partition, offset, metadata } of answer?.partitions ?? []) {
    if (Number(offset) < 0) {
      truth.set(partition, null);
      continue;
    }
    const committed: Committed | null = metadata ? JSON.parse(metadata) : null;
    if (committed?.version !== 1) {
      throw new FatalStateError(
        `group ${offsetsGroup(step)} has an offset for ${topic}/${partition} that stillwatch did not write`,
        `find out who commits to this group; then delete it (kafka-consumer-groups --delete) and the step's state topic to begin anew`,
      );
    }
    truth.set(partition, committed);
  }
  return truth;
}
