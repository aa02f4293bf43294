import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoff } from './backoff.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Post } from './post.ts';
import type { Target, Telling } from './targets/target.ts';

/** How a message was settled: the target took it, or it is given up and belongs to the undelivered ones. */
export type Settled =
  | { delivered: true; status: number; attempts: number }
  | { delivered: false; reason: string; attempts: number };

export interface DeliveryOptions {
  target: Target;
  breaker: CircuitBreaker;
  post: Post;
  log: Logger;
  retried(): void;
  /** Age in milliseconds at which a message that the target does not take is given up. */
  giveUpAfter: number;
  now(): number;
  monotonicNow(): number;
  /** Milliseconds before the second attempt, and at most. */
  firstWait?: number;
  longestWait?: number;
  /** Uniform in [0, 1). */
  random?(): number;
  /** Rejects when the signal is aborted. */
  sleep?(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** `since`: when the message was due, milliseconds. Rejects only when the signal is aborted or for a bug, and then the caller must not go on past it. */
export type Deliver = (telling: Omit<Telling, 'now'>, since: number, signal: AbortSignal) => Promise<Settled>;

/**
 * One message to one target, until it is settled. It is given up when the target refuses it for good, or when it is too old and the target fails: at its own
 * attempt, or by an open circuit, so that a target which was away for days does not cost a trial for each old message. An old message of a target that works
 * is delivered.
 */
export function createDelivery(options: DeliveryOptions): Deliver {
  const { target, breaker, post, log, retried, giveUpAfter, now, monotonicNow } = options;
  const { firstWait = 500, longestWait = 30_000, random = Math.random, sleep = sleepFor } = options;

  return async ({ event, messageId, told }, since, signal) => {
    const about = { target: target.name, message: messageId };
    // The time of day says how old it is, and nothing after that.
    const givenUpAt = monotonicNow() + since + giveUpAfter - now();
    let why = 'the circuit is open: this target took nothing for some time';
    for (let attempts = 0; ; ) {
      signal.throwIfAborted();
      const barred = breaker.ask(monotonicNow());
      const timeLeft = givenUpAt - monotonicNow();
      if (timeLeft <= 0 && (attempts > 0 || breaker.state === 'open')) {
        log.error(
          { ...about, attempts, why },
          'an alert message was not taken in time; it goes to the undelivered ones',
        );
        return { delivered: false, reason: `not taken within ${giveUpAfter / 1_000} s: ${why}`, attempts };
      }
      if (barred > 0) {
        await sleep(timeLeft > 0 ? Math.min(barred, timeLeft) : barred, signal);
        continue;
      }
      attempts++;
      const attempt = await post(target.request({ event, messageId, told, now: now() }), target.allowPrivateAddress);
      if (attempt.outcome === 'delivered') {
        breaker.succeeded();
        return { delivered: true, status: attempt.answer.status, attempts };
      }
      why = attempt.why;
      if (attempt.outcome === 'refused') {
        breaker.succeeded();
        // Said loudly, with the id by which it can be found on the topic; not with its content.
        log.error({ ...about, why }, 'the target refused an alert message for good; it goes to the undelivered ones');
        return { delivered: false, reason: why, attempts };
      }
      breaker.failed(monotonicNow());
      retried();
      const own = backoff({ attempt: attempts, first: firstWait, longest: longestWait, random: random() });
      const pause = Math.round(Math.max(own, attempt.after ?? 0));
      log.warn(
        { ...about, attempt: attempts, why, wait_ms: pause },
        'an alert message was not taken; it is tried again',
      );
      await sleep(Math.max(0, Math.min(pause, givenUpAt - monotonicNow())), signal);
    }
  };
}

async function sleepFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
