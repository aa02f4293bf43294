import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import pino from 'pino';
import { createDelivery } from '../../services/notify/delivery.ts';
import { createWebhookTarget } from '../../services/notify/webhook.ts';
import { alertEvent } from '../support/records.ts';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers each request with the next status, the last one for ever. */
async function receiver(statuses: number[]): Promise<{ url: string; received: Received[]; close(): Promise<void> }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`,
    received,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function deliveryTo(url: string, secret: string | null = null) {
  const outcomes: string[] = [];
  const stop = new AbortController();
  const target = createWebhookTarget({ url, secret, fetch, now: () => 1_776_816_000_000 });
  const deliver = createDelivery({
    target,
    log: pino({ level: 'silent' }),
    count: (outcome) => outcomes.push(outcome),
    firstWait: 1,
    longestWait: 5,
    signal: stop.signal,
  });
  return { deliver, outcomes, stop };
}

test('a message is tried again until it is taken, each time with the same idempotency key', async () => {
  const hook = await receiver([503, 429, 200]);
  const { deliver, outcomes } = deliveryTo(hook.url);
  await deliver(alertEvent(), 'a_1.3');
  assert.deepEqual(outcomes, ['retried', 'retried', 'delivered']);
  assert.deepEqual(
    hook.received.map(({ headers }) => headers['idempotency-key']),
    ['a_1/3', 'a_1/3', 'a_1/3'],
  );
  await hook.close();
});

test('the body is a CloudEvent with the whole alert', async () => {
  const hook = await receiver([200]);
  await deliveryTo(hook.url).deliver(alertEvent(), 'a_1.3');
  const body = JSON.parse(hook.received[0]?.body ?? '');
  assert.equal(body.specversion, '1.0');
  assert.equal(body.id, 'a_1.3');
  assert.equal(body.type, 'stillwatch.alert.opened');
  assert.deepEqual(body.data, alertEvent().alert);
  await hook.close();
});

test('the signature covers time and body', async () => {
  const hook = await receiver([200]);
  await deliveryTo(hook.url, 'shared secret').deliver(alertEvent(), 'a_1.3');
  const [request] = hook.received;
  const expected = createHmac('sha256', 'shared secret').update(`1776816000.${request?.body}`).digest('hex');
  assert.equal(request?.headers['stillwatch-signature'], `t=1776816000,v1=${expected}`);
  await hook.close();
});

test('a message that the receiver does not want is counted and given up, not tried for ever', async () => {
  const hook = await receiver([400]);
  const { deliver, outcomes } = deliveryTo(hook.url);
  await deliver(alertEvent(), 'a_1.3');
  assert.deepEqual(outcomes, ['refused']);
  await hook.close();
});

test('stopping leaves an undelivered message undelivered', async () => {
  const hook = await receiver([500]);
  const { deliver, stop } = deliveryTo(hook.url);
  const delivering = deliver(alertEvent(), 'a_1.3');
  stop.abort(new Error('stopping'));
  await assert.rejects(delivering, /stopping/);
  await hook.close();
});
