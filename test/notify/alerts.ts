import fc from 'fast-check';
import type { Telling } from '../../services/notify/targets/target.ts';
import type { Alert, AlertEvent, AlertFeature } from '../../services/records/alert.ts';
import { alertEvent } from '../support/records.ts';

export const NOW = Date.UTC(2026, 3, 23);
export const CONSOLE = 'https://stillwatch.example';

/** With text beyond ASCII: a signature is over bytes, not characters. */
export function revision(number: number, over: Partial<Alert> = {}): AlertEvent {
  const event = alertEvent();
  const summary = 'Nine linked accounts, é and 猫 included.';
  const alert = { ...event.alert, alert_id: 'a_1', revision: number, summary, ...over };
  const phase = alert.status === 'resolved' ? 'resolved' : number === 1 ? 'opened' : 'updated';
  return { ...event, type: `stillwatch.alert.${phase}`, alert };
}

export function telling(event: AlertEvent, over: Partial<Telling> = {}): Telling {
  return { event, messageId: `${event.alert.alert_id}.${event.alert.revision}`, told: null, now: NOW, ...over };
}

/** Text as an attacker may choose it: too long, of other planes, with mark-up. */
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '<!channel>',
    '<https://evil.example|click>',
    '&amp;'.repeat(2_000),
    '🦊'.repeat(4_000),
    '<'.repeat(9_000),
  ),
);
const count = fc.integer({ min: 0, max: 30_000_000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Any alert, of any length and any content. */
export const anyEvent: fc.Arbitrary<AlertEvent> = fc
  .record({
    alert_id: hostile.filter((text) => text !== ''),
    revision: fc.integer({ min: 1, max: 1_000 }),
    status: fc.constantFrom('open', 'resolved'),
    verdict: fc.constantFrom('harvesting', 'coordinated_pool'),
    severity: fc.constantFrom('page', 'ticket', 'info'),
    subject_id: hostile,
    account_count: count,
    exchange_count: count,
    confidence: share,
    summary: hostile,
    runbook_url: fc.oneof(
      fc.webUrl(),
      fc.constantFrom('javascript:alert(1)', 'not a link', `https://example.org/${'a'.repeat(5_000)}`),
    ),
    query: hostile,
    signatures: fc.array(
      fc.record({ name: hostile, version: fc.constant(1), score: share, features: fc.constant<AlertFeature[]>([]) }),
      { maxLength: 12 },
    ),
    linking_evidence: fc.array(
      fc.record({
        kind: fc.constant('payment_fingerprint' as const),
        attribute: hostile,
        accounts: count,
        weight: share,
      }),
      { maxLength: 12 },
    ),
    sample_accounts: fc.array(hostile, { maxLength: 20 }),
  } satisfies Partial<Record<keyof Alert, fc.Arbitrary<unknown>>>)
  .map((over) => revision(over.revision, over));
