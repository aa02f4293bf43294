import type { Logger } from 'pino';
import type { HealthAction } from '../platform/health.ts';
import { isSigned } from '../platform/signature.ts';
import type { Post } from './post.ts';
import { outcomeOf, sendTest } from './send-test.ts';
import type { Target } from './targets/target.ts';
import { SIGNATURE_HEADER, type TestAnswer, testRequest } from './test-request.ts';

export interface TestEndpointDeps {
  targets: readonly Target[];
  /** Shared with the console. */
  key: string;
  post: Post;
  mask(text: string): string;
  log: Logger;
  now(): number;
  monotonicNow(): number;
}

/** Milliseconds from one test of a target to the next: it ends up in front of people. */
const PAUSE = 60_000;
const MOST_OF_ANSWER = 500;

/**
 * Tests a target for the console, so that the secrets of targets stay here. Whoever is on the network may reach this port, to read how far we are; to have something
 * sent takes the key besides, by which only the console gets in, with its roles and its audit log. What is sent is always the same.
 */
export function createTestEndpoint({
  targets,
  key,
  post,
  mask,
  log,
  now,
  monotonicNow,
}: TestEndpointDeps): HealthAction {
  const testedAt = new Map<string, number>();
  return async ({ headers, body }) => {
    if (!isSigned(body, key, String(headers[SIGNATURE_HEADER] ?? ''), now()))
      return { code: 401, body: { error: 'not signed with notify.test_key within the last minute' } };
    const request = testRequest.safeParse(parsed(body));
    const target = targets.find(({ name }) => name === request.data?.target);
    if (target === undefined) return { code: 400, body: { error: 'there is no such target' } };
    const wait = (testedAt.get(target.name) ?? Number.NEGATIVE_INFINITY) + PAUSE - monotonicNow();
    if (wait > 0)
      return { code: 429, body: { error: `tested less than a minute ago: wait ${Math.ceil(wait / 1_000)} s` } };
    testedAt.set(target.name, monotonicNow());
    const sent: TestAnswer['sent'] = [];
    for await (const { type, attempt, answer } of sendTest(target, post, 'info', now()))
      sent.push({
        type,
        is_taken: attempt.outcome === 'delivered',
        outcome: mask(outcomeOf(attempt)),
        answer: mask(answer).slice(0, MOST_OF_ANSWER),
      });
    log.info({ target: target.name, outcomes: sent.map(({ outcome }) => outcome) }, 'a test was sent');
    return { code: 200, body: { sent } satisfies TestAnswer };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
