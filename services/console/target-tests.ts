import { SIGNATURE_HEADER, TEST_PATH, type TestAnswer, type TestRequest, testAnswer } from '../notify/test-request.ts';
import { messageOf } from '../platform/errors.ts';
import { sign } from '../platform/signature.ts';
import { Refused } from './changes.ts';
import type { Services } from './service-status.ts';

/** Has `notify` send a target an alert marked TEST and its end. */
export type TestTarget = (target: string) => Promise<TestAnswer>;

export interface TargetTestsDeps {
  services: Services;
  /** Shared with `notify`. */
  key: string;
  fetch: typeof fetch;
  now(): number;
}

/** Two attempts of ten seconds each, and some. */
const PATIENCE = 25_000;

/**
 * Asks the process of `notify` that has the target, at its health server: the console has no secrets of targets, and is let through to none of them. What `notify`
 * says is shown; that it does not take us for the console is for whoever runs both.
 */
export function createTargetTests({ services, key, fetch, now }: TargetTestsDeps): TestTarget {
  return async (target) => {
    const notify = (await services.statuses()).find(({ targets }) => targets.includes(target));
    if (notify === undefined) throw new Refused(404, 'not_found', `no notify that answers has a target ${target}`, ASK);
    const body = JSON.stringify({ target } satisfies TestRequest);
    const response = await fetch(`${notify.url}${TEST_PATH}`, {
      method: 'POST',
      body,
      headers: { [SIGNATURE_HEADER]: sign(body, key, Math.floor(now() / 1_000)) },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((error: unknown) => {
      throw new Refused(503, 'unavailable', `notify does not answer: ${messageOf(error)}`, 'see its log');
    });
    if (response.status === 429)
      throw new Refused(429, 'too_many', `${target} was tested less than a minute ago`, 'wait a minute');
    if (!response.ok)
      throw new Refused(
        503,
        'unavailable',
        `notify refuses to test ${target} (HTTP ${response.status})`,
        'give both the same notify.test_key, and clocks that agree',
      );
    return testAnswer.parse(await response.json());
  };
}

const ASK = 'GET /api/pipeline lists them; console.services names where notify is';
