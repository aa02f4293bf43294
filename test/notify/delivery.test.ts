import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { CircuitBreaker } from '../../services/notify/circuit-breaker.ts';
import { createDelivery } from '../../services/notify/delivery.ts';
import { createPost } from '../../services/notify/post.ts';
import { webhookTarget } from '../../services/notify/targets/webhook.ts';
import type { AlertEvent } from '../../services/records/alert.ts';
import { NOW, revision } from './alerts.ts';
import { receiver } from './receiver.ts';

const DAY = 86_400_000;
/** On the monotonic clock. */
const BEGUN = 1_000;

/** Clocks that move only when somebody sleeps; `jump` is by how much that of the time of day then moves besides. */
function deliveryTo(url: string, jump = 0) {
  const waits: number[] = [];
  const lines: string[] = [];
  let now = NOW;
  let monotonicNow = BEGUN;
  let retried = 0;
  const stop = new AbortController();
  const breaker = new CircuitBreaker({
    failures: 5,
    firstPause: 10_000,
    longestPause: 60_000,
    trialTimeout: 15_000,
    random: () => 0.5,
    changed: () => {},
  });
  const deliver = createDelivery({
    target: webhookTarget({
      name: 'hook',
      url,
      secret: null,
      format: 'cloudevents',
      consoleUrl: '',
      allowPrivateAddress: true,
    }),
    breaker,
    post: createPost(),
    log: pino({}, { write: (line) => lines.push(line) }),
    retried: () => retried++,
    giveUpAfter: DAY,
    now: () => now,
    monotonicNow: () => monotonicNow,
    firstWait: 100,
    longestWait: 400,
    random: () => 0.5,
    async sleep(milliseconds) {
      waits.push(milliseconds);
      now += milliseconds + jump;
      monotonicNow += milliseconds;
    },
  });
  const send = (event: AlertEvent, since = NOW) =>
    deliver({ event, messageId: `${event.alert.alert_id}.${event.alert.revision}`, told: null }, since, stop.signal);
  return { send, stop, breaker, waits, lines, retried: () => retried };
}

test('a message is tried again until it is taken, each time with the same idempotency key and body', async (t) => {
  const hook = await receiver([503, 'hang up', 429, 408, 200]);
  t.after(() => hook.close());
  const { send, waits, retried } = deliveryTo(hook.url);
  assert.deepEqual(await send(revision(3)), { delivered: true, status: 200, attempts: 5 });
  assert.deepEqual(waits, [75, 150, 300, 300]);
  assert.equal(retried(), 4);
  assert.deepEqual(new Set(hook.received.map(({ headers }) => headers['idempotency-key'])), new Set(['a_1/3']));
  assert.equal(new Set(hook.received.map(({ body }) => body)).size, 1);
});

test('a receiver that says when to come back is not asked before', async (t) => {
  const hook = await receiver([429, 200], { 'retry-after': '7' });
  t.after(() => hook.close());
  const { send, waits } = deliveryTo(hook.url);
  await send(revision(3));
  assert.deepEqual(waits, [7_000]);
});

test('a refused message is undelivered at once, logged with its id and without its content, and the next one goes on', async (t) => {
  const hook = await receiver([422, 200]);
  t.after(() => hook.close());
  const { send, lines } = deliveryTo(hook.url);
  assert.deepEqual(await send(revision(1)), { delivered: false, reason: 'HTTP 422', attempts: 1 });
  assert.deepEqual(await send(revision(2)), { delivered: true, status: 200, attempts: 1 });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /"message":"a_1\.1".*HTTP 422/);
  assert.doesNotMatch(lines[0] ?? '', /Nine linked|acct_1|evt_1/);
});

test('a target that takes nothing for the limit gets no more of a message than its circuit allows, and then loses it', async (t) => {
  const hook = await receiver([500]);
  t.after(() => hook.close());
  const { send, waits } = deliveryTo(hook.url);
  const settled = await send(revision(1));
  assert.deepEqual(
    [settled.delivered, settled.delivered || settled.reason],
    [false, 'not taken within 86400 s: HTTP 500'],
  );
  assert.equal(
    waits.reduce((sum, wait) => sum + wait, 0),
    DAY,
  );
  // Five to open it, then one for each pause of 45 s.
  assert.ok(hook.received.length > 1_900 && hook.received.length < 1_950, String(hook.received.length));
});

test('when the circuit is open, old messages are given up without being tried; a new one waits', async (t) => {
  const hook = await receiver([500, 500, 500, 500, 500, 200]);
  t.after(() => hook.close());
  const { send, breaker } = deliveryTo(hook.url);
  for (let i = 0; i < 5; i++) breaker.failed(BEGUN);
  const old = await send(revision(1), NOW - 2 * DAY);
  assert.ok(!old.delivered && old.attempts === 0 && old.reason.includes('the circuit is open'));
  assert.equal(hook.received.length, 0);
  assert.equal((await send(revision(2))).delivered, true);
});

for (const jump of [DAY, -DAY])
  test(`a clock that is set ${jump < 0 ? 'back' : 'ahead'} meanwhile neither gives a message up nor keeps a circuit open`, async (t) => {
    const hook = await receiver([500, 500, 500, 500, 500, 200]);
    t.after(() => hook.close());
    const { send, waits } = deliveryTo(hook.url, jump);
    assert.deepEqual(await send(revision(1)), { delivered: true, status: 200, attempts: 6 });
    assert.ok(
      waits.every((wait) => wait <= 60_000),
      waits.join(),
    );
  });

test('an old message of a target that works is delivered', async (t) => {
  const hook = await receiver([200]);
  t.after(() => hook.close());
  assert.deepEqual(await deliveryTo(hook.url).send(revision(1), NOW - 30 * DAY), {
    delivered: true,
    status: 200,
    attempts: 1,
  });
});

test('stopping leaves a message unsettled', async (t) => {
  const hook = await receiver([500]);
  t.after(() => hook.close());
  const stop = new AbortController();
  const failed = Promise.withResolvers<void>();
  const deliver = createDelivery({
    target: webhookTarget({
      name: 'hook',
      url: hook.url,
      secret: null,
      format: 'cloudevents',
      consoleUrl: '',
      allowPrivateAddress: true,
    }),
    breaker: new CircuitBreaker({
      failures: 5,
      firstPause: 1,
      longestPause: 1,
      trialTimeout: 1,
      random: Math.random,
      changed() {},
    }),
    post: createPost(),
    log: pino({ level: 'silent' }),
    retried: () => failed.resolve(),
    giveUpAfter: DAY,
    now: Date.now,
    monotonicNow: () => performance.now(),
    firstWait: 3_600_000,
    longestWait: 3_600_000,
  });
  const delivering = deliver({ event: revision(3), messageId: 'a_1.3', told: null }, Date.now(), stop.signal);
  await failed.promise;
  stop.abort(new Error('stopping'));
  await assert.rejects(delivering, /stopping/);
  assert.equal(hook.received.length, 1);
});
