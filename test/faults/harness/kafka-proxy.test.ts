import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { KAFKA_REQUESTS, type KafkaRequest, startKafkaProxy } from './kafka-proxy.ts';

/** A request's or a reply's frame, with its number as what it says. */
function frame(correlation: number, request?: KafkaRequest): Buffer {
  const head = request === undefined ? Buffer.alloc(0) : Buffer.alloc(4);
  if (request !== undefined) head.writeInt16BE(KAFKA_REQUESTS[request]);
  const body = Buffer.alloc(4);
  body.writeInt32BE(correlation);
  const length = Buffer.alloc(4);
  length.writeInt32BE(head.length + body.length);
  return Buffer.concat([length, head, body]);
}

/** A broker behind a proxy that answers what it is asked, with the same number, and a client of it. */
async function connected(t: TestContext) {
  const asked: number[] = [];
  const broker = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (let at = 0; at < data.length; at += 4 + data.readInt32BE(at)) {
        asked.push(data.readInt32BE(at + 8));
        socket.write(frame(data.readInt32BE(at + 8)));
      }
      broker.emit('asked');
    });
    socket.on('close', () => broker.emit('left'));
  }).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  const address = broker.address();
  const proxy = await startKafkaProxy();
  proxy.upstream = typeof address === 'object' && address !== null ? address.port : 0;
  const client = connect(proxy.port, '127.0.0.1');
  client.on('error', () => {});
  await once(client, 'connect');
  t.after(async () => {
    client.destroy();
    await proxy.close();
    broker.close();
  });
  return { broker, proxy, client, asked };
}

async function replies(client: Socket, count: number): Promise<number[]> {
  const told: number[] = [];
  let rest = Buffer.alloc(0);
  while (told.length < count) {
    const [data] = (await once(client, 'data')) as [Buffer];
    rest = Buffer.concat([rest, data]);
    for (; rest.length >= 8; rest = rest.subarray(8)) told.push(rest.readInt32BE(4));
  }
  return told;
}

test('requests that come in pieces are known, and what is not harmed goes by', async (t) => {
  const { proxy, client, asked } = await connected(t);
  const seen: KafkaRequest[] = [];
  proxy.onRequest = (request) => {
    seen.push(request);
    return null;
  };
  const sent = Buffer.concat([frame(1, 'Produce'), frame(2, 'EndTxn')]);
  client.write(sent.subarray(0, 3));
  client.write(sent.subarray(3, 14));
  client.write(sent.subarray(14));
  assert.deepEqual(await replies(client, 2), [1, 2]);
  assert.deepEqual(
    [seen, asked],
    [
      ['Produce', 'EndTxn'],
      [1, 2],
    ],
  );
});

test('a request that is lost does not arrive, and the connection breaks', async (t) => {
  const { proxy, client, asked } = await connected(t);
  proxy.onRequest = () => 'request-lost';
  client.write(frame(1, 'EndTxn'));
  await once(client, 'close');
  assert.deepEqual(asked, []);
});

test('a request whose reply is lost arrives, and the connection breaks', async (t) => {
  const { proxy, client, asked } = await connected(t);
  proxy.onRequest = () => 'reply-lost';
  client.write(frame(1, 'EndTxn'));
  await once(client, 'close');
  assert.deepEqual(asked, [1]);
});

test('a reply comes twice, or late with what follows it', async (t) => {
  const { proxy, client } = await connected(t);
  proxy.onRequest = (request) => (request === 'EndTxn' ? { replyLate: 100 } : 'reply-twice');
  client.write(Buffer.concat([frame(1, 'EndTxn'), frame(2, 'Produce')]));
  assert.deepEqual(await replies(client, 3), [1, 2, 2]);
});

test('what was said while it was cut off arrives when it is healed, though who said it is gone', async (t) => {
  const { broker, proxy, client, asked } = await connected(t);
  client.write(frame(1, 'Produce'));
  assert.deepEqual(await replies(client, 1), [1]);
  proxy.cutOff();
  client.write(frame(2, 'EndTxn'));
  client.end();
  await once(client, 'close');
  assert.deepEqual(asked, [1]);
  const left = once(broker, 'left');
  proxy.heal();
  await left;
  assert.deepEqual(asked, [1, 2]);
});
