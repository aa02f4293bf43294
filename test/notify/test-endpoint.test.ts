import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import pino from 'pino';
import { createPost } from '../../services/notify/post.ts';
import { webhookTarget } from '../../services/notify/targets/webhook.ts';
import { createTestEndpoint } from '../../services/notify/test-endpoint.ts';
import { SIGNATURE_HEADER, TEST_PATH } from '../../services/notify/test-request.ts';
import { createMask } from '../../services/platform/config/known-secrets.ts';
import { startHealthServer } from '../../services/platform/health.ts';
import { sign } from '../../services/platform/signature.ts';
import { receiver } from './receiver.ts';

const KEY = 'a-key-that-is-shared';
const SECRET = 'the-secret-of-the-target';
const ask = JSON.stringify({ target: 'oncall' });

/** The health server of a notify that has one target, at this address; its clock is moved by hand. */
async function notifyWith(t: TestContext, url: string) {
  const clock = { wall: Date.UTC(2026, 3, 22), monotonic: 1_000 };
  const target = webhookTarget({
    name: 'oncall',
    url,
    secret: SECRET,
    format: 'cloudevents',
    consoleUrl: '',
    allowPrivateAddress: true,
  });
  const endpoint = createTestEndpoint({
    targets: [target],
    key: KEY,
    post: createPost(),
    mask: createMask([SECRET]),
    log: pino({ level: 'silent' }),
    now: () => clock.wall,
    monotonicNow: () => clock.monotonic,
  });
  const health = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    ready: {},
    metrics: async () => '',
    status: () => ({}),
    actions: { [TEST_PATH]: endpoint },
  });
  t.after(() => health.close());
  const signed = (body: string, key = KEY, at = clock.wall) => sign(body, key, Math.floor(at / 1_000));
  return {
    clock,
    signed,
    async send(body: string, signature = signed(body)): Promise<{ code: number; answer: unknown }> {
      const headers = { [SIGNATURE_HEADER]: signature };
      const response = await fetch(`${health.url}${TEST_PATH}`, { method: 'POST', body, headers });
      return { code: response.status, answer: await response.json() };
    },
  };
}

test('who has the key has one target told a TEST and its end, and sees what it answers', async (t) => {
  const hook = await receiver([200, 503]);
  t.after(() => hook.close());
  const { send } = await notifyWith(t, hook.url);
  const { code, answer } = await send(ask);
  assert.equal(code, 200);
  assert.deepEqual(answer, {
    sent: [
      { type: 'stillwatch.alert.opened', is_taken: true, outcome: 'HTTP 200', answer: '{}' },
      { type: 'stillwatch.alert.resolved', is_taken: false, outcome: 'HTTP 503', answer: '{}' },
    ],
  });
  const told = hook.received.map(({ body }) => JSON.parse(body).data);
  assert.deepEqual(
    told.map(({ status, severity, summary }) => [status, severity, summary.slice(0, 5)]),
    [
      ['open', 'info', 'TEST:'],
      ['resolved', 'info', 'TEST:'],
    ],
  );
});

test('who has not, or has something else signed or signed long ago, has nothing sent', async (t) => {
  const hook = await receiver([200]);
  t.after(() => hook.close());
  const { send, signed, clock } = await notifyWith(t, hook.url);
  for (const signature of [
    '',
    't=,v1=',
    signed(ask).slice(0, -1),
    `${signed(ask)}0`,
    signed(ask, 'another-key'),
    signed(JSON.stringify({ target: 'other' })),
    signed(ask, KEY, clock.wall - 61_000),
    signed(ask, KEY, clock.wall + 61_000),
  ])
    assert.equal((await send(ask, signature)).code, 401, signature);
  for (const body of ['', 'null', '{}', '{"target":"other"}', '{"target":"oncall","severity":"page"}'])
    assert.equal((await send(body)).code, 400, body);
  assert.deepEqual(hook.received, []);
});

test('a target is tested once a minute, however often it is asked for and however the clock is set', async (t) => {
  const hook = await receiver([200]);
  t.after(() => hook.close());
  const { send, clock } = await notifyWith(t, hook.url);
  const both = await Promise.all([send(ask), send(ask)]);
  assert.deepEqual(both.map(({ code }) => code).sort(), [200, 429]);
  clock.wall += 3_600_000;
  clock.monotonic += 59_999;
  assert.equal((await send(ask)).code, 429);
  clock.monotonic += 1;
  assert.equal((await send(ask)).code, 200);
  assert.equal(hook.received.length, 4);
});

test('of what is answered there is the beginning, on one line, without secrets', async (t) => {
  const echo = createServer(({ url }, response) =>
    response.end(`who sent ${SECRET}\nto ${url}?\u001b[31m ${'x'.repeat(3_000)}`),
  ).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  t.after(() => echo.close());
  const { port } = echo.address() as AddressInfo;
  const { send } = await notifyWith(t, `http://127.0.0.1:${port}/services/T0/secret-token?key=hidden`);
  const { answer } = await send(ask);
  const [{ answer: said }] = (answer as { sent: [{ answer: string }] }).sent;
  assert.match(said, /^who sent •••• to ••••\? \[31m x+$/);
  assert.equal(said.length, 500);
});

test('a target that does not answer is said not to', async (t) => {
  const hook = await receiver(['hang up']);
  t.after(() => hook.close());
  const { send } = await notifyWith(t, hook.url);
  const { answer } = await send(ask);
  assert.deepEqual(answer, {
    sent: [{ type: 'stillwatch.alert.opened', is_taken: false, outcome: 'ECONNRESET', answer: '' }],
  });
});
