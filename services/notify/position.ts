import type { Admin } from '../stream/kafka/client.ts';
import type { Outgoing, TransactionLine } from '../stream/kafka/transaction.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type Ledger } from './ledger.ts';

/** How the groups and the transactional ids of all targets begin. */
export const NOTIFY_GROUPS = 'stillwatch.notify.';

/** Offsets of each target by itself: one that is dead keeps no other's back, and its backlog is a lag like any other. */
export function offsetsGroup(target: string): string {
  return `${NOTIFY_GROUPS}${target}.offsets`;
}

export interface Start {
  /** The first message that is not settled. */
  position: bigint;
  checkpoint: Checkpoint;
}

/** Where a lane begins. A target without an offset begins with what was published since `earliest`: a new one is not told the history of three months. */
export async function readStart(
  admin: Admin,
  { target, topic, partition, earliest }: { target: string; topic: string; partition: number; earliest: number },
): Promise<Start> {
  const [answer] = await admin.fetchOffsets({ groupId: offsetsGroup(target), topics: [topic] });
  const committed = answer?.partitions.find((entry) => entry.partition === partition);
  if (committed === undefined || Number(committed.offset) < 0) {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, earliest);
    const position = BigInt(offsets.find((entry) => entry.partition === partition)?.offset ?? '0');
    return { position, checkpoint: { from: position, held: [], overtaken: [] } };
  }
  const checkpoint = committed.metadata
    ? decodeCheckpoint(committed.metadata)
    : { from: BigInt(committed.offset), held: [], overtaken: [] };
  // What retention has deleted since cannot be read, and nobody waits for the end of an alert that old.
  const offsets = await admin.fetchTopicOffsets(topic);
  const low = BigInt(offsets.find((entry) => entry.partition === partition)?.low ?? '0');
  const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
  return {
    position: max(BigInt(committed.offset), low),
    checkpoint: { ...checkpoint, from: max(checkpoint.from, low) },
  };
}

/** The offset, the ledger's checkpoint and what became undelivered: all of it or nothing. */
export async function commitPosition(
  line: TransactionLine,
  { target, topic, partition, position }: { target: string; topic: string; partition: number; position: bigint },
  ledger: Ledger,
  outgoing: Outgoing,
): Promise<void> {
  const metadata = encodeCheckpoint(ledger.checkpoint(position));
  await line.commitOffsets(
    offsetsGroup(target),
    [{ topic, partition, offset: position.toString(), metadata }],
    outgoing,
  );
}
