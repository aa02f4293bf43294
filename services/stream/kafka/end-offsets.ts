import type { Admin } from './client.ts';

/** End offset of each partition of a topic, as of some moment after the call. */
export type EndOffsets = (topic: string) => Promise<ReadonlyMap<number, bigint>>;

/**
 * Asks the broker, sharing answers: a caller never gets an answer to a question that was put before it asked, so whatever was written before the call is
 * counted. This is what lets a table be read to its end before an event that was written after it is processed.
 */
export function createEndOffsets(admin: Admin): EndOffsets {
  const running = new Map<string, Promise<ReadonlyMap<number, bigint>>>();
  const waiting = new Map<string, Promise<ReadonlyMap<number, bigint>>>();
  const ask = async (topic: string): Promise<ReadonlyMap<number, bigint>> => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
  };
  const start = (topic: string): Promise<ReadonlyMap<number, bigint>> => {
    const question = ask(topic).finally(() => running.delete(topic));
    running.set(topic, question);
    return question;
  };
  return (topic) => {
    const current = running.get(topic);
    if (current === undefined) return start(topic);
    const queued = waiting.get(topic);
    if (queued !== undefined) return queued;
    const next = current
      .catch(() => undefined)
      .then(() => {
        waiting.delete(topic);
        return start(topic);
      });
    waiting.set(topic, next);
    return next;
  };
}
