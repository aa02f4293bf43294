import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createWebhookTarget } from '../../services/notify/webhook.ts';
import { NOW, type Receiver, receiver, revision } from './receiver.ts';

async function hook(t: TestContext, answer: number | 'hang up'): Promise<Receiver> {
  const made = await receiver([answer]);
  t.after(() => made.close());
  return made;
}

const targetAt = (url: string, secret: string | null = null) =>
  createWebhookTarget({ url, secret, fetch, now: () => NOW + 999 });

test('the body is a CloudEvent in structured JSON with the whole alert', async (t) => {
  const { url, received } = await hook(t, 200);
  assert.equal(await targetAt(url).deliver(revision(3), 'a_1.3'), 'delivered');
  const [request] = received;
  assert.deepEqual(JSON.parse(request?.body ?? ''), {
    specversion: '1.0',
    id: 'a_1.3',
    source: '/stillwatch/clusters',
    type: 'stillwatch.alert.opened',
    subject: 'a_1',
    time: '2026-04-22T00:01:00.000Z',
    datacontenttype: 'application/json',
    data: revision(3).alert,
  });
  assert.equal(request?.headers['content-type'], 'application/cloudevents+json');
  assert.equal(request?.headers['idempotency-key'], 'a_1/3');
});

test('the signature covers the time and the very bytes of the body', async (t) => {
  const { url, received } = await hook(t, 200);
  await targetAt(url, 'shared secret').deliver(revision(3), 'a_1.3');
  const [request] = received;
  const seconds = NOW / 1_000;
  const expected = createHmac('sha256', 'shared secret').update(`${seconds}.${request?.body}`).digest('hex');
  assert.equal(request?.headers['stillwatch-signature'], `t=${seconds},v1=${expected}`);
});

test('without a secret there is no signature', async (t) => {
  const { url, received } = await hook(t, 200);
  await targetAt(url).deliver(revision(3), 'a_1.3');
  assert.equal(received.length, 1);
  assert.equal(received[0]?.headers['stillwatch-signature'], undefined);
});

for (const status of [200, 201, 202, 204])
  test(`HTTP ${status} is delivered`, async (t) => {
    const { url } = await hook(t, status);
    assert.equal(await targetAt(url).deliver(revision(3), 'a_1.3'), 'delivered');
  });

for (const status of [408, 429, 500, 502, 503, 504])
  test(`HTTP ${status} may pass by itself`, async (t) => {
    const { url } = await hook(t, status);
    assert.deepEqual(await targetAt(url).deliver(revision(3), 'a_1.3'), { retry: true, why: `HTTP ${status}` });
  });

for (const status of [400, 401, 403, 404, 410, 422])
  test(`HTTP ${status} is a refusal`, async (t) => {
    const { url } = await hook(t, status);
    assert.deepEqual(await targetAt(url).deliver(revision(3), 'a_1.3'), { refused: `HTTP ${status}` });
  });

test('a redirect is not followed, and the message is not given up', async (t) => {
  const { url, received } = await hook(t, 302);
  const outcome = await targetAt(url).deliver(revision(3), 'a_1.3');
  assert.ok(typeof outcome === 'object' && 'retry' in outcome && outcome.why.startsWith('HTTP 302'));
  assert.equal(received.length, 1);
});

test('a broken connection may pass by itself', async (t) => {
  const { url } = await hook(t, 'hang up');
  assert.deepEqual(await targetAt(url).deliver(revision(3), 'a_1.3'), { retry: true, why: 'UND_ERR_SOCKET' });
});

test('a receiver that is not there may come back', async () => {
  const gone = await receiver([200]);
  await gone.close();
  assert.deepEqual(await targetAt(gone.url).deliver(revision(3), 'a_1.3'), { retry: true, why: 'ECONNREFUSED' });
});

test('an attempt is given up after ten seconds', async (t) => {
  t.mock.method(AbortSignal, 'timeout', (milliseconds: number) => {
    assert.equal(milliseconds, 10_000);
    return AbortSignal.abort(new DOMException('too late', 'TimeoutError'));
  });
  const outcome = await targetAt('http://127.0.0.1:9/').deliver(revision(3), 'a_1.3');
  assert.deepEqual(outcome, { retry: true, why: 'no answer within 10 s' });
});

for (const url of ['ftp://127.0.0.1/', 'not an address', 'http://user:hunter2@127.0.0.1/'])
  test(`${url.replace('hunter2', '***')} is refused before any alert is sent`, () => {
    assert.throws(
      () => targetAt(url),
      (error: Error) => /notify\.webhook_url/.test(error.message) && !error.message.includes('hunter2'),
    );
  });
