import pRetry from 'p-retry';
import type { Logger } from 'pino';
import type { AlertEvent } from '../records/alert.ts';
import type { Target } from './webhook.ts';

export interface DeliveryOptions {
  target: Target;
  log: Logger;
  count(outcome: 'delivered' | 'retried' | 'refused'): void;
  /** Milliseconds before the second attempt, and at most. */
  firstWait?: number;
  longestWait?: number;
  /** Aborted when the service stops: an undelivered message then stays where it is. */
  signal: AbortSignal;
}

/** Delivers until delivered or refused for good: a receiver that is away holds up its own messages, never loses one. */
export function createDelivery({
  target,
  log,
  count,
  firstWait = 500,
  longestWait = 30_000,
  signal,
}: DeliveryOptions): (event: AlertEvent, messageId: string) => Promise<void> {
  return async (event, messageId) => {
    const attempt = async (): Promise<void> => {
      const outcome = await target.deliver(event, messageId);
      if (outcome.kind === 'delivered') return count('delivered');
      if (outcome.kind === 'retry') throw new Error(outcome.why);
      count('refused');
      // Said loudly, with the id by which it can be found on the topic; not with its content.
      log.error({ message: messageId, why: outcome.why }, 'the receiver refused an alert message for good');
    };
    await pRetry(attempt, {
      retries: Number.POSITIVE_INFINITY,
      factor: 2,
      randomize: true,
      minTimeout: firstWait,
      maxTimeout: longestWait,
      signal,
      onFailedAttempt({ error, attemptNumber }) {
        count('retried');
        log.warn(
          { message: messageId, attempt: attemptNumber, why: error.message },
          'an alert message was not delivered; it is tried again',
        );
      },
    });
  };
}
