import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { webhookRequest } from '../../../services/notify/targets/webhook.ts';
import { CONSOLE, NOW, revision, telling } from '../alerts.ts';

const options = { url: 'https://example.org/hook', secret: null, format: 'cloudevents', consoleUrl: '' } as const;

test('the body is a CloudEvent in structured JSON with the whole alert', () => {
  const { url, headers, body } = webhookRequest(telling(revision(1)), options);
  assert.deepEqual(JSON.parse(body), {
    specversion: '1.0',
    id: 'a_1.1',
    source: '/stillwatch/clusters',
    type: 'stillwatch.alert.opened',
    subject: 'a_1',
    time: '2026-04-22T00:01:00.000Z',
    datacontenttype: 'application/json',
    data: revision(1).alert,
  });
  assert.equal(url, 'https://example.org/hook');
  assert.deepEqual(headers, { 'content-type': 'application/cloudevents+json', 'idempotency-key': 'a_1/1' });
});

test('the body is an OCSF finding when asked for, signed in the same way', () => {
  const { headers, body } = webhookRequest(telling(revision(1)), { ...options, format: 'ocsf', secret: 's' });
  assert.equal(JSON.parse(body).class_uid, 2004);
  assert.equal(headers['content-type'], 'application/json');
  assert.match(headers['stillwatch-signature'] ?? '', /^t=\d+,v1=[0-9a-f]{64}$/);
});

test('it says where the console shows the alert, when that has an address', () => {
  const link = `${CONSOLE}/#/alerts/a_1`;
  const [event, finding] = (['cloudevents', 'ocsf'] as const).map((format) =>
    JSON.parse(webhookRequest(telling(revision(1)), { ...options, consoleUrl: CONSOLE, format }).body),
  );
  assert.deepEqual([event.stillwatchurl, finding.finding_info.src_url], [link, link]);
  // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#naming-conventions
  for (const name of Object.keys(event)) assert.match(name, /^[a-z0-9]{1,20}$/);
});

test('the signature covers the time of the attempt and the very bytes of the body', () => {
  const { headers, body } = webhookRequest(telling(revision(3), { now: NOW + 999 }), { ...options, secret: 'shared' });
  const seconds = NOW / 1_000;
  const expected = createHmac('sha256', 'shared').update(`${seconds}.${body}`).digest('hex');
  assert.equal(headers['stillwatch-signature'], `t=${seconds},v1=${expected}`);
});
