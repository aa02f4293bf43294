import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { unreachable } from '../../services/notify/reach.ts';
import { receiver } from './receiver.ts';

test('whoever listens is reached, and is sent nothing', async (t) => {
  const hook = await receiver([]);
  t.after(() => hook.close());
  assert.equal(await unreachable(hook.url, true), null);
  assert.deepEqual(hook.received, []);
});

test('an address that alerts may not go to is refused as an alert would be', async () => {
  assert.match(
    (await unreachable('http://127.0.0.1:1/token', false)) ?? '',
    /127\.0\.0\.1 is no address that an alert/,
  );
  assert.match((await unreachable('http://169.254.169.254/', true)) ?? '', /no address that an alert/);
});

test('why it does not come about is said without the address, which may carry a token', async (t) => {
  assert.equal(await unreachable('http://127.0.0.1:1/token', true), 'ECONNREFUSED');
  const silent = createServer().listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  // Takes the connection and never begins TLS.
  assert.equal(await unreachable(`https://127.0.0.1:${port}/token`, true, 200), 'no answer within 0.2 s');
});
