import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds: what a broker takes to read a group's offsets anew, with room to spare. */
const PATIENCE = 20_000;
const BETWEEN = 250;

/** kafkajs does not ask again where a group's coordinator is just being chosen, or is loading: for a command that asks once. */
export async function askCoordinator<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isForNow(error) || Date.now() > until) throw error;
      await delay(BETWEEN);
    }
  }
}

const FOR_NOW = new Set(['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS']);

function isForNow(error: unknown): boolean {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' && FOR_NOW.has(error.type);
}
