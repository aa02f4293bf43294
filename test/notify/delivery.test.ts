import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import pino from 'pino';
import { backoff, createDelivery } from '../../services/notify/delivery.ts';
import { createWebhookTarget, type Target } from '../../services/notify/webhook.ts';
import { NOW, receiver, revision } from './receiver.ts';

function deliveryTo(target: Target) {
  const outcomes: string[] = [];
  const waits: number[] = [];
  const lines: string[] = [];
  const deliver = createDelivery({
    target,
    log: pino({}, { write: (line) => lines.push(line) }),
    count: (outcome) => outcomes.push(outcome),
    firstWait: 100,
    longestWait: 400,
    random: () => 0.5,
    async sleep(milliseconds) {
      waits.push(milliseconds);
    },
    signal: new AbortController().signal,
  });
  return { deliver, outcomes, waits, lines };
}

const over = (url: string) => createWebhookTarget({ url, secret: null, fetch, now: () => NOW });

test('a message is tried again until it is taken, each time with the same idempotency key and body', async (t) => {
  const hook = await receiver([503, 'hang up', 429, 408, 200]);
  t.after(() => hook.close());
  const { deliver, outcomes, waits } = deliveryTo(over(hook.url));
  await deliver(revision(3), 'a_1.3');
  assert.deepEqual(outcomes, ['retried', 'retried', 'retried', 'retried', 'delivered']);
  assert.deepEqual(waits, [75, 150, 300, 300]);
  assert.deepEqual(new Set(hook.received.map(({ headers }) => headers['idempotency-key'])), new Set(['a_1/3']));
  assert.equal(new Set(hook.received.map(({ body }) => body)).size, 1);
});

test('a refused message is counted and logged with its id and without its content, and the next one goes on', async (t) => {
  const hook = await receiver([422, 200]);
  t.after(() => hook.close());
  const { deliver, outcomes, lines } = deliveryTo(over(hook.url));
  await deliver(revision(1), 'a_1.1');
  await deliver(revision(2), 'a_1.2');
  assert.deepEqual(outcomes, ['refused', 'delivered']);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /"message":"a_1\.1".*HTTP 422/);
  assert.doesNotMatch(lines[0] ?? '', /Nine linked|acct_1|evt_1/);
});

test('revisions of one alert keep their order though the first is tried three times', async (t) => {
  const hook = await receiver([500, 500, 200]);
  t.after(() => hook.close());
  const { deliver } = deliveryTo(over(hook.url));
  await Promise.all([1, 2, 3].map((number) => deliver(revision(number), `a_1.${number}`)));
  assert.deepEqual(
    hook.received.map(({ headers }) => headers['idempotency-key']),
    ['a_1/1', 'a_1/1', 'a_1/1', 'a_1/2', 'a_1/3'],
  );
});

test('an alert whose receiver hesitates does not hold up another alert', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { deliver } = deliveryTo({
    async deliver({ alert }) {
      if (alert.alert_id === 'slow') await held;
      return 'delivered';
    },
  });
  const slow = deliver(revision(1, 'slow'), 'slow.1');
  await deliver(revision(1, 'quick'), 'quick.1');
  release();
  await slow;
});

test('when a message must come again, no later revision overtakes it', async () => {
  const sent: number[] = [];
  const { deliver } = deliveryTo({
    async deliver({ alert }) {
      sent.push(alert.revision);
      if (alert.revision === 1) throw new RangeError('a bug');
      return 'delivered';
    },
  });
  const [first, second] = await Promise.allSettled([deliver(revision(1), 'a_1.1'), deliver(revision(2), 'a_1.2')]);
  assert.deepEqual([first.status, second.status, sent], ['rejected', 'rejected', [1]]);
  await deliver(revision(2), 'a_1.2');
  assert.deepEqual(sent, [1, 2]);
});

test('stopping leaves an undelivered message undelivered', async (t) => {
  const hook = await receiver([500]);
  t.after(() => hook.close());
  const stop = new AbortController();
  const { promise: failed, resolve: hasFailed } = Promise.withResolvers<void>();
  const deliver = createDelivery({
    target: over(hook.url),
    log: pino({ level: 'silent' }),
    count: () => hasFailed(),
    firstWait: 3_600_000,
    longestWait: 3_600_000,
    signal: stop.signal,
  });
  const delivering = deliver(revision(3), 'a_1.3');
  await failed;
  stop.abort(new Error('stopping'));
  await assert.rejects(delivering, /stopping/);
  assert.equal(hook.received.length, 1);
});

test('a wait is bounded, never shorter than half its ceiling, and grows with the attempts', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), chance, (attempt, random) => {
      const wait = backoff({ attempt, first: 500, longest: 30_000, random });
      const ceiling = Math.min(30_000, 500 * 2 ** (attempt - 1));
      assert.ok(wait >= ceiling / 2 && wait <= ceiling);
      assert.ok(backoff({ attempt: attempt + 1, first: 500, longest: 30_000, random }) >= wait);
    }),
  );
});
