import assert from 'node:assert/strict';
import type { lookup } from 'node:dns';
import { test } from 'node:test';
import { guardedLookup } from '../../services/notify/address-guard.ts';
import { createPost } from '../../services/notify/post.ts';
import { receiver } from './receiver.ts';

const post = createPost();
const requestTo = (url: string) => ({
  url,
  headers: { 'content-type': 'application/json', a: 'b' },
  body: '{"é":"猫"}',
});

async function attemptAt(answer: Parameters<typeof receiver>[0][number], headers?: Record<string, string>) {
  const hook = await receiver([answer], headers);
  try {
    return { attempt: await post(requestTo(hook.url), true), received: hook.received };
  } finally {
    await hook.close();
  }
}

for (const status of [200, 201, 202, 204])
  test(`HTTP ${status} is delivered, with body and headers as they are`, async () => {
    const { attempt, received } = await attemptAt(status);
    assert.equal(attempt.outcome, 'delivered');
    assert.equal(received[0]?.body, '{"é":"猫"}');
    assert.equal(received[0]?.headers['a'], 'b');
  });

for (const status of [408, 429, 500, 502, 503, 504])
  test(`HTTP ${status} may pass by itself`, async () => {
    const { attempt } = await attemptAt(status);
    assert.deepEqual([attempt.outcome, attempt.outcome === 'retry' && attempt.why], ['retry', `HTTP ${status}`]);
  });

for (const status of [400, 401, 403, 404, 410, 422])
  test(`HTTP ${status} is a refusal, whose answer can be read`, async () => {
    const { attempt } = await attemptAt(status);
    assert.deepEqual(attempt, { outcome: 'refused', why: `HTTP ${status}`, answer: { status, body: '{}' } });
  });

test('a redirect is not followed, and the message is not given up', async () => {
  const { attempt, received } = await attemptAt(302);
  assert.ok(attempt.outcome === 'retry' && attempt.why.startsWith('HTTP 302'));
  assert.equal(received.length, 1);
});

test('a redirect to a metadata service is a redirect like any other', async () => {
  const { attempt, received } = await attemptAt(307, { location: 'http://169.254.169.254/latest/meta-data/' });
  assert.ok(attempt.outcome === 'retry' && attempt.why.startsWith('HTTP 307'));
  assert.equal(received.length, 1);
});

test('what the receiver says of when to come back is taken at its word, within bounds', async () => {
  const after = async (text: string) => {
    const { attempt } = await attemptAt(429, { 'retry-after': text });
    return attempt.outcome === 'retry' ? attempt.after : undefined;
  };
  assert.equal(await after('7'), 7_000);
  assert.equal(await after('999999'), 300_000);
  assert.equal(await after('Wed, 21 Oct 2026 07:28:00 GMT'), null);
});

test('a broken connection, a closed port and a silent receiver may pass by themselves', async () => {
  const broken = await attemptAt('hang up');
  assert.ok(broken.attempt.outcome === 'retry' && broken.attempt.why === 'ECONNRESET');
  const gone = await receiver([200]);
  await gone.close();
  const closed = await post(requestTo(gone.url), true);
  assert.ok(closed.outcome === 'retry' && closed.why === 'ECONNREFUSED');
  const silent = await receiver(['never']);
  const late = await createPost({ timeout: 50 })(requestTo(silent.url), true);
  await silent.close();
  assert.ok(late.outcome === 'retry' && late.why === 'no answer within 0.05 s');
});

test('nothing is sent to an address that may not be reached, written as an address or as a name', async (t) => {
  const hook = await receiver([200]);
  t.after(() => hook.close());
  const { port } = new URL(hook.url);
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0.0.0.0']) {
    const attempt = await post(requestTo(`http://${host}:${port}/hook`), false);
    assert.ok(
      attempt.outcome === 'retry' && attempt.why.includes('allow_private_address') !== (host === '0.0.0.0'),
      host,
    );
  }
  const metadata = await post(requestTo('http://169.254.169.254/latest/'), true);
  assert.ok(metadata.outcome === 'retry' && metadata.why.includes('no address that an alert may be sent to'));
  assert.equal(hook.received.length, 0);
});

test('a name that points to another address the second time gains nothing (DNS rebinding)', async (t) => {
  const hook = await receiver([200]);
  t.after(() => hook.close());
  const answers = ['203.0.113.9', '169.254.169.254', '127.0.0.1'];
  const rebinding = ((_host: string, _options: object, callback: (error: null, all: object[]) => void) =>
    callback(null, [{ address: answers.shift(), family: 4 }])) as unknown as typeof lookup;
  const guarded = createPost({ lookup: (allow) => guardedLookup(allow, rebinding) });
  for (let i = 0; i < 3; i++) {
    const attempt = await guarded(requestTo(`http://rebind.example:${new URL(hook.url).port}/`), false);
    assert.ok(attempt.outcome === 'retry' && attempt.why.includes('no address'), String(i));
  }
  assert.equal(hook.received.length, 0);
});

test('a name with a good and a bad address is reached at the good one', async (t) => {
  const hook = await receiver([200]);
  t.after(() => hook.close());
  const both = ((_host: string, _options: object, callback: (error: null, all: object[]) => void) =>
    callback(null, [
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ])) as unknown as typeof lookup;
  const guarded = createPost({ lookup: (allow) => guardedLookup(allow, both) });
  const attempt = await guarded(requestTo(`http://both.example:${new URL(hook.url).port}/`), true);
  assert.equal(attempt.outcome, 'delivered');
});
