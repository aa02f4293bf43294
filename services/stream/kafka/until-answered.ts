import { setTimeout as pause } from 'node:timers/promises';
import { kafkaErrorType } from './errors.ts';

const ASK_AGAIN_MS = 50;

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
