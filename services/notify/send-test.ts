import { messageId } from '../clusters/alert-message.ts';
import { createMask } from '../platform/config/known-secrets.ts';
import { printable } from '../platform/printable.ts';
import type { AlertEvent, Severity } from '../records/alert.ts';
import type { Attempt, Post } from './post.ts';
import type { Target } from './targets/target.ts';
import { testAlert } from './test-alert.ts';

export interface TestSent {
  type: AlertEvent['type'];
  attempt: Attempt;
  /** What was answered, on one line. Somebody else's text: nothing in it steers a terminal, nor says where the target is. */
  answer: string;
}

/** In a path that is shorter nothing is hidden. */
const SHORTEST_MASKED = 6;

/** The TEST alert and then its end, one attempt each, past routes, quiet hours, silences and the circuit. Nothing follows what was not taken. */
export async function* sendTest(
  target: Target,
  post: Post,
  severity: Severity,
  now: number,
): AsyncGenerator<TestSent, void> {
  for (const event of testAlert(now, severity)) {
    const request = target.request({ event, messageId: messageId(event.alert), told: null, now });
    const attempt = await post(request, target.allowPrivateAddress);
    const { pathname, search } = new URL(request.url);
    // Of a webhook the path often is the secret.
    const mask = createMask(
      [`${pathname}${search}`, pathname, search].filter((part) => part.length >= SHORTEST_MASKED),
    );
    const said = attempt.answer?.body.replaceAll(/\p{Cc}+/gu, ' ').trim() ?? '';
    yield { type: event.type, attempt, answer: printable(mask(said)) };
    if (attempt.outcome !== 'delivered') return;
  }
}

/** `HTTP 202`, or why it was not taken. */
export function outcomeOf(attempt: Attempt): string {
  return attempt.outcome === 'delivered' ? `HTTP ${attempt.answer.status}` : attempt.why;
}
