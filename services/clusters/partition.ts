/** Partition of a subject: FNV-1a over its id. Ours alone: nobody else writes to the topics that it decides for. */
export function partitionOf(subjectId: string, partitions: number): number {
  return fnv(subjectId) % partitions;
}

/** 32 bits, the same everywhere: also orders samples, so that they do not depend on arrival. */
export function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
