import { TOPICS } from '../stream/topics.ts';

/**
 * Only what came from outside goes back. What our own steps wrote is bound to its place between watermarks: written there again it would be a window
 * that was closed long ago, and would replace the right figures by its own.
 */
export const REQUEUED_TOPICS: ReadonlySet<string> = new Set([TOPICS.calls, TOPICS.accounts]);

/** What sends the letters of a topic and reason back, in a shell. */
export function requeueCommandLine({ topic, reason }: { topic: string; reason: string }): string {
  return `stillwatch dlq requeue --topic ${topic} --reason ${reason}`;
}
