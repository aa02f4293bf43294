import type { Admin } from './client.ts';

/** The first offset of a partition that is not deleted; null where the broker does not speak of that partition. */
export async function firstOffset(admin: Admin, topic: string, partition: number): Promise<bigint | null> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const found = offsets.find((entry) => entry.partition === partition);
  return found === undefined ? null : BigInt(found.low);
}
