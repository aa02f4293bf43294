import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { pagerDutyRequest } from '../../../services/notify/targets/pagerduty.ts';
import { anyEvent, CONSOLE, revision, telling } from '../alerts.ts';

const KEY = 'R'.repeat(32);
const options = { url: 'https://events.pagerduty.com/v2/enqueue', routingKey: KEY, consoleUrl: CONSOLE };
const bodyOf = (event: ReturnType<typeof revision>) => JSON.parse(pagerDutyRequest(telling(event), options).body);

/** https://developer.pagerduty.com/docs/events-api-v2-overview and trigger-events, as published. */
const routed = { routing_key: z.string().length(32), dedup_key: z.string().min(1).max(255) };
const event = z.discriminatedUnion('event_action', [
  z.strictObject({ ...routed, event_action: z.enum(['resolve', 'acknowledge']) }),
  z.strictObject({
    ...routed,
    event_action: z.literal('trigger'),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links: z.array(z.strictObject({ href: z.url({ protocol: /^https?$/ }), text: z.string().optional() })).optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);
const MOST_BYTES = 512 * 1024;

test('whatever an alert holds, PagerDuty gets an event of its schema, within its limits', () => {
  fc.assert(
    fc.property(anyEvent, (any) => {
      const { body } = pagerDutyRequest(telling(any), options);
      event.parse(JSON.parse(body));
      assert.ok(Buffer.byteLength(body) <= MOST_BYTES);
    }),
  );
});

test('opened and updated trigger, resolved resolves, all under the id of the alert', () => {
  const events = [revision(1), revision(2), revision(3, { status: 'resolved' })].map(bodyOf);
  assert.deepEqual(
    events.map(({ event_action, dedup_key }) => [event_action, dedup_key]),
    [
      ['trigger', 'a_1'],
      ['trigger', 'a_1'],
      ['resolve', 'a_1'],
    ],
  );
});

test('it says which alerts are looked at together', () => {
  assert.equal(bodyOf(revision(1, { subject_id: 'c_1~product' })).payload.group, 'cluster c_1');
});

test('a page is critical, a ticket a warning', () => {
  const severities = (['page', 'ticket', 'info'] as const).map(
    (severity) => bodyOf(revision(1, { severity })).payload.severity,
  );
  assert.deepEqual(severities, ['critical', 'warning', 'info']);
});

test('two alerts whose ids are too long for a dedup key have two keys, each the same for its whole life', () => {
  const key = (end: string, number: number) =>
    bodyOf(revision(number, { alert_id: `${'x'.repeat(300)}${end}` })).dedup_key;
  assert.notEqual(key('a', 1), key('b', 1));
  assert.equal(key('a', 1), key('a', 7));
});

test('an incident leads to the alert on the console and to its runbook; what is no web address is no link', () => {
  const alert = { href: `${CONSOLE}/#/alerts/a_1`, text: 'Alert' };
  const runbook = { href: 'https://example.org/', text: 'Runbook' };
  const { client_url, links } = bodyOf(revision(1));
  assert.deepEqual([client_url, links], [alert.href, [alert, runbook]]);
  assert.deepEqual(bodyOf(revision(1, { runbook_url: 'javascript:alert(1)' })).links, [alert]);
  const withoutConsole = JSON.parse(pagerDutyRequest(telling(revision(1)), { ...options, consoleUrl: '' }).body);
  assert.deepEqual([withoutConsole.client_url, withoutConsole.links], [undefined, [runbook]]);
});
