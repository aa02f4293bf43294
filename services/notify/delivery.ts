import { setTimeout as wait } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Logger } from 'pino';
import type { AlertEvent } from '../records/alert.ts';
import type { Target } from './webhook.ts';

export type Deliver = (event: AlertEvent, messageId: string) => Promise<void>;

export interface DeliveryOptions {
  target: Target;
  log: Logger;
  count(outcome: 'delivered' | 'retried' | 'refused'): void;
  /** Milliseconds before the second attempt, and at most. */
  firstWait?: number;
  longestWait?: number;
  /** Uniform in [0, 1). */
  random?(): number;
  /** Rejects when the signal is aborted. */
  sleep?(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Aborted when the service stops: an undelivered message then stays where it is. */
  signal: AbortSignal;
}

/**
 * Resolves when the message is delivered or refused for good; rejects only when the service stops or for a bug, and then the caller must not go on past it.
 * Attempts are deliberately without number: a receiver that is away for a day holds up its messages and loses none. The waits between them are bounded.
 */
export function createDelivery(options: DeliveryOptions): Deliver {
  const { target, log, count, signal } = options;
  const { firstWait = 500, longestWait = 30_000, random = Math.random, sleep = sleepFor } = options;

  const attempt = async (event: AlertEvent, messageId: string): Promise<void> => {
    const outcome = await target.deliver(event, messageId);
    if (outcome === 'delivered') return count('delivered');
    if ('retry' in outcome) throw new NotYet(outcome.why);
    count('refused');
    // Said loudly, with the id by which it can be found on the topic; not with its content.
    log.error({ message: messageId, why: outcome.refused }, 'the receiver refused an alert message for good');
  };

  return deliverInOrder(async (event, messageId) => {
    await pRetry(() => attempt(event, messageId), {
      retries: Number.POSITIVE_INFINITY,
      signal,
      // p-retry has no jitter once its longest wait is reached, and its own source of chance: the wait is in onFailedAttempt instead.
      minTimeout: 0,
      maxTimeout: 0,
      shouldRetry: ({ error }) => error instanceof NotYet,
      async onFailedAttempt({ error, attemptNumber }) {
        if (!(error instanceof NotYet) || signal.aborted) return;
        count('retried');
        const pause = backoff({ attempt: attemptNumber, first: firstWait, longest: longestWait, random: random() });
        log.warn(
          { message: messageId, attempt: attemptNumber, why: error.message, wait_ms: Math.round(pause) },
          'an alert message was not delivered; it is tried again',
        );
        await sleep(pause, signal);
      },
    });
  });
}

class NotYet extends Error {
  override name = 'NotYet';
}

async function sleepFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * The messages of one alert one after the other in the order of the calls; those of different alerts side by side. When one rejects, those that wait
 * behind it reject too: a later revision never overtakes an earlier one that has to come again.
 */
export function deliverInOrder(deliver: Deliver): Deliver {
  const last = new Map<string, Promise<void>>();
  return async (event, messageId) => {
    const id = event.alert.alert_id;
    const before = last.get(id) ?? Promise.resolve();
    const mine = before.then(() => deliver(event, messageId));
    last.set(id, mine);
    try {
      await mine;
    } finally {
      if (last.get(id) === mine) last.delete(id);
    }
  };
}

/**
 * Milliseconds to wait after failed attempt `attempt` (1 is the first). Doubles up to `longest`; half of it is left to `random`, uniform in [0, 1), at
 * every length, so that many senders do not come back to a receiver at the same moment ("equal jitter", M. Brooker, AWS Architecture Blog, 2015).
 */
export function backoff({
  attempt,
  first,
  longest,
  random,
}: {
  attempt: number;
  first: number;
  longest: number;
  random: number;
}): number {
  const ceiling = Math.min(longest, first * 2 ** (attempt - 1));
  return ceiling / 2 + random * (ceiling / 2);
}
