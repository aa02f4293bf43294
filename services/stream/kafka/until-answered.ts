import { setTimeout as pause } from 'node:timers/promises';
import { kafkaErrorType } from './errors.ts';

const ASK_AGAIN_MS = 50;

/** While a group's coordinator is being chosen, or reads the group's offsets anew. A service tries again by itself; who asks once does not. */
export const COORDINATOR_STARTS: ReadonlySet<string> = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/** Asks until the answer is none of these errors, by Kafka's names of them: for what a broker cannot tell yet, and kafkajs does not wait for. After `patience` milliseconds the error stands. */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer>,
  notYet: ReadonlySet<string>,
  patience: number,
): Promise<Answer> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!notYet.has(kafkaErrorType(error)) || performance.now() > deadline) throw error;
      await pause(ASK_AGAIN_MS);
    }
  }
}
