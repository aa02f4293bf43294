import assert from 'node:assert/strict';
import { validateHeaderValue } from 'node:http';
import { test } from 'node:test';
import { createPost } from '../../services/notify/post.ts';
import { alertmanagerRequest } from '../../services/notify/targets/alertmanager.ts';
import { pagerDutyRequest } from '../../services/notify/targets/pagerduty.ts';
import { slackRequest } from '../../services/notify/targets/slack.ts';
import type { TargetRequest, Telling } from '../../services/notify/targets/target.ts';
import { webhookRequest } from '../../services/notify/targets/webhook.ts';
import type { Alert, AlertEvent } from '../../services/records/alert.ts';
import { PAYLOADS } from '../support/payloads.ts';
import { CONSOLE, revision, telling } from './alerts.ts';
import { receiver } from './receiver.ts';

const URL_OF = 'https://target.example/hook';
const webhook = (format: 'cloudevents' | 'ocsf') => (about: Telling) =>
  webhookRequest(about, { url: URL_OF, secret: 'secret', format, consoleUrl: CONSOLE });
const TARGETS: Record<string, (about: Telling) => TargetRequest> = {
  slack: (about) => slackRequest(about, { url: URL_OF, consoleUrl: CONSOLE }),
  pagerduty: (about) => pagerDutyRequest(about, { url: URL_OF, routingKey: 'key', consoleUrl: CONSOLE }),
  alertmanager: (about) =>
    alertmanagerRequest(about, { url: URL_OF, labels: {}, bearerToken: null, consoleUrl: CONSOLE }),
  webhook: webhook('cloudevents'),
  ocsf: webhook('ocsf'),
};

/** Where an attacker's texts may be: ids that they chose, models and plans in the cohort, what joins accounts, and a query that names them. */
const hostile = (text: string): Partial<Alert> => ({
  alert_id: `a_${text}`,
  subject_type: 'account',
  subject_id: text,
  linking_evidence: [{ kind: 'payment_bin', attribute: text, accounts: 2, weight: 0.5 }],
  sample_accounts: [text],
  sample_event_ids: [text],
  cohort: `${text}/chat/${text}/calls-4^3`,
  summary: `One account. ${text}`,
  query: `SELECT 1 -- ${text}`,
});
const about = (text: string): Telling => telling(revision(1, hostile(text)));

/** What there is, without what it says: another one would mean that a text has become a part of the message. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}

function* strings(value: unknown, key = ''): Generator<[key: string, text: string]> {
  if (typeof value === 'string') yield [key, value];
  else if (Array.isArray(value)) for (const each of value) yield* strings(each, key);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* strings(inner, name);
}

const LINKS = new Set([
  'url',
  'href',
  'client_url',
  'src_url',
  'generatorURL',
  'runbook_url',
  'stillwatchurl',
  'references',
]);
const LINK = /^https:\/\/(?:stillwatch\.example\/#\/alerts\/[\w.!~*'()%-]+|example\.org\/?)$/;

for (const [name, requestFor] of Object.entries(TARGETS))
  test(`${name}: no text of an attacker changes what is asked, where, or what it is made of`, () => {
    const harmless = requestFor(about('x'));
    const shape = shapeOf(JSON.parse(harmless.body));
    let links = 0;
    for (const { text } of PAYLOADS) {
      const { url, headers, body } = requestFor(about(text));
      const what = JSON.stringify(text);
      assert.equal(url, harmless.url);
      assert.deepEqual(Object.keys(headers), Object.keys(harmless.headers));
      for (const [header, value] of Object.entries(headers)) {
        validateHeaderValue(header, value);
        assert.match(value, /^[\x20-\x7e]+$/, what);
      }
      const parsed: unknown = JSON.parse(body);
      assert.deepEqual(shapeOf(parsed), shape, what);
      for (const [key, said] of strings(parsed)) {
        if (!LINKS.has(key)) continue;
        assert.match(said, LINK, what);
        links++;
      }
    }
    assert.ok(links >= PAYLOADS.length);
  });

interface SlackText {
  type: string;
  text: string;
  verbatim?: boolean;
}
interface SlackBlock {
  type: string;
  text?: SlackText;
  fields?: SlackText[];
  elements?: SlackText[];
}

test('Slack is given no mark-up but its own: no mention, no link, no channel', () => {
  const ownDate = /<!date\^\d+\^\{date_short_pretty\} \{time\}\|[^<>]*>/g;
  for (const { text } of PAYLOADS) {
    const { blocks, ...message }: { text: string; blocks: SlackBlock[] } = JSON.parse(
      slackRequest(about(text), { url: URL_OF, consoleUrl: CONSOLE }).body,
    );
    // Buttons have words of ours.
    const read = blocks.flatMap(({ type, text: one = [], fields = [], elements = [] }) =>
      type === 'actions' ? [] : [one, fields, elements].flat(),
    );
    assert.ok(read.length >= 9);
    for (const each of read) {
      if (each.type === 'plain_text') continue;
      assert.equal(each.verbatim, true);
      assert.doesNotMatch(each.text.replaceAll(ownDate, ''), /[<>]/);
    }
    assert.doesNotMatch(message.text, /[<>]/);
    assert.deepEqual(Object.keys(message), ['text']);
  }
});

test('a webhook gets every text as it is', () => {
  for (const { text } of PAYLOADS) {
    const { data } = JSON.parse(webhook('cloudevents')(about(text)).body);
    assert.deepEqual(data, about(text).event.alert);
  }
});

test('an alert about any account can be sent, and keeps its own key: none holds up those behind it', async () => {
  const hook = await receiver([202]);
  const post = createPost();
  const keyOf = (event: AlertEvent): string => `${encodeURIComponent(event.alert.alert_id)}/${event.alert.revision}`;
  try {
    for (const { text } of PAYLOADS) {
      const request = webhookRequest(about(text), {
        url: hook.url,
        secret: null,
        format: 'cloudevents',
        consoleUrl: CONSOLE,
      });
      assert.equal((await post(request, true)).outcome, 'delivered', JSON.stringify(text));
    }
    assert.deepEqual(
      hook.received.map(({ headers }) => headers['idempotency-key']),
      PAYLOADS.map(({ text }) => keyOf(about(text).event)),
    );
    for (const { headers } of hook.received)
      assert.deepEqual(
        Object.keys(headers).sort(),
        ['connection', 'content-length', 'content-type', 'host', 'idempotency-key', 'user-agent'].sort(),
      );
  } finally {
    await hook.close();
  }
});
