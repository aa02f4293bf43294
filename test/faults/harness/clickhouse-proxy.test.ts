import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startClickHouseProxy } from './clickhouse-proxy.ts';

/** A server behind a proxy, and a client of it. */
async function connected(t: TestContext) {
  const received: string[] = [];
  const arrived = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received.push(data.toString());
      server.emit('received');
    });
    arrived.resolve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxy = await startClickHouseProxy();
  proxy.upstream = typeof address === 'object' && address !== null ? address.port : 0;
  const client = connect(proxy.port, '127.0.0.1');
  t.after(async () => {
    client.destroy();
    await proxy.close();
    server.close();
  });
  const behind = await arrived.promise;
  return { server, proxy, client, behind, received };
}

test('what comes after the delay has fallen does not overtake what is still held back', async (t) => {
  const { server, proxy, client, received } = await connected(t);
  proxy.delay = 300;
  client.write('first ');
  await new Promise((resolve) => setTimeout(resolve, 50)); // apart from each other on the way to the proxy
  proxy.delay = 0;
  client.write('second');
  while (received.join('') !== 'first second') {
    await once(server, 'received');
    assert.ok('first second'.startsWith(received.join('')), received.join(''));
  }
});

test('an insert that is refused before it arrives does not arrive', async (t) => {
  const { proxy, client, behind, received } = await connected(t);
  proxy.onInsert = () => false;
  const broken = once(behind, 'close');
  client.write('POST /?query=INSERT%20INTO%20t HTTP/1.1\r\n');
  await broken;
  assert.deepEqual(received, []);
});

test('an answer that is lost does not come back', async (t) => {
  const { server, proxy, client, behind, received } = await connected(t);
  const answered: Buffer[] = [];
  client.on('data', (data) => answered.push(data));
  client.on('error', () => {});
  proxy.onInserted = () => false;
  client.write('POST /?query=INSERT%20INTO%20t HTTP/1.1\r\n');
  if (received.length === 0) await once(server, 'received');
  behind.write('HTTP/1.1 200 OK\r\n');
  await once(client, 'close');
  assert.deepEqual(answered, []);
});
