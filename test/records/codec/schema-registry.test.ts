import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { StillwatchError } from '../../../services/platform/errors.ts';
import { createCodecs } from '../../../services/records/codec/codecs.ts';
import { embeddedSchemas } from '../../../services/records/codec/embedded-schemas.ts';
import { registrySchemas } from '../../../services/records/codec/schema-registry.ts';
import { schemaText } from '../../../services/records/codec/schemas.ts';
import { createCodec } from '../../../services/records/codec/wire.ts';
import { apiCall } from '../../support/records.ts';

/** A registry with what these tests need of Confluent's interface. */
const schemas = new Map<number, string>();
const asked: string[] = [];
let away = false;
/** What it answers in place of a schema. */
let answer: number | null = null;
/** Connections to break. */
let broken = 0;
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
  if (away || broken > 0) {
    broken = Math.max(0, broken - 1);
    return void response.destroy();
  }
  let body = '';
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    const wanted = /^\/schemas\/ids\/(\d+)$/.exec(request.url ?? '')?.[1];
    if (wanted !== undefined && answer !== null) return void response.writeHead(answer).end();
    if (wanted !== undefined) {
      const schema = schemas.get(Number(wanted));
      response
        .writeHead(schema === undefined ? 404 : 200)
        .end(JSON.stringify(schema === undefined ? { error_code: 40403 } : { schema }));
      return;
    }
    const id = 100 + schemas.size;
    schemas.set(id, JSON.parse(body).schema);
    response.end(JSON.stringify({ id }));
  });
});
let port = 0;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
after(() => server.close());

let now = 0;
let open = 0;
let mostOpen = 0;
const countingFetch: typeof fetch = async (...question) => {
  mostOpen = Math.max(mostOpen, ++open);
  try {
    return await fetch(...question);
  } finally {
    open--;
  }
};
async function connect() {
  const registry = registrySchemas({
    url: `http://user:secret@127.0.0.1:${port}/`,
    fetch: countingFetch,
    monotonicNow: () => now,
    subjects: { 'api-call': 'llm.api-calls-value' },
  });
  await registry.register();
  asked.length = 0;
  return { registry, codecs: createCodecs(registry) };
}
/** The bytes of a call under another schema id. */
function under(id: number, text: string): Buffer {
  const source = embeddedSchemas();
  const bytes = createCodec('api-call', source).encode(apiCall({ event_id: text }));
  bytes.writeUInt32BE(id, 1);
  return bytes;
}
const message = (value: Buffer) => ({ value });

test('what is written under a registered id is read again', async () => {
  const { codecs } = await connect();
  const bytes = codecs.of('api-call').encode(apiCall({ event_id: 'evt_9' }));
  assert.ok(bytes.readUInt32BE(1) >= 100);
  const decoded = codecs.of('api-call').decode(bytes);
  assert.ok(decoded.ok && decoded.value.event_id === 'evt_9');
});

test('an id seen for the first time is asked for once, however many messages carry it, and with the credentials', async () => {
  const { codecs } = await connect();
  schemas.set(7_001, schemaText('api-call'));
  await Promise.all([
    codecs.prepare([message(under(7_001, 'a')), message(under(7_001, 'b'))]),
    codecs.prepare([message(under(7_001, 'c'))]),
  ]);
  assert.deepEqual(asked, [`GET /schemas/ids/7001 Basic ${Buffer.from('user:secret').toString('base64')}`]);
  assert.ok(codecs.of('api-call').decode(under(7_001, 'a')).ok);
});

test('a writer that lacks optional fields, or has more, is read', async () => {
  const { codecs } = await connect();
  const schema = JSON.parse(schemaText('api-call'));
  schema.fields = [
    ...schema.fields.filter(({ name }: { name: string }) => name !== 'duration_ms'),
    { name: 'region', type: 'string', default: '' },
  ];
  schemas.set(7_002, JSON.stringify(schema));
  const { default: avro } = await import('avsc');
  const { duration_ms: _, ...older } = apiCall({ event_id: 'older' });
  const body = avro.Type.forSchema(schema).toBuffer({ ...older, region: 'eu' });
  const bytes = Buffer.concat([Buffer.alloc(5), body]);
  bytes.writeUInt32BE(7_002, 1);
  await codecs.prepare([message(bytes)]);
  const decoded = codecs.of('api-call').decode(bytes);
  assert.ok(decoded.ok);
  assert.deepEqual([decoded.value.event_id, decoded.value.duration_ms], ['older', null]);
});

test('a field that only newer writers have cannot hold the line up, whatever a message says of its size', {
  timeout: 10_000,
}, async () => {
  const { codecs } = await connect();
  const schema = JSON.parse(schemaText('api-call'));
  schema.fields.unshift({ name: 'tags', type: { type: 'array', items: 'null' }, default: [] });
  schemas.set(7_003, JSON.stringify(schema));
  const good = under(7_003, 'x');
  // A block of -1 items that is -2 bytes long: behind it stands the same block again.
  const hostile = Buffer.concat([good.subarray(0, 5), Buffer.of(1, 3), good.subarray(5)]);
  await codecs.prepare([message(hostile)]);
  assert.ok(codecs.of('api-call').decode(Buffer.concat([good.subarray(0, 5), Buffer.of(0), good.subarray(5)])).ok);
  const decoded = codecs.of('api-call').decode(hostile);
  assert.ok(!decoded.ok && decoded.reason === 'truncated');
});

test('a connection that the registry has closed is no registry that is away', async () => {
  const { codecs } = await connect();
  broken = 1;
  await codecs.prepare([message(under(9_998, 'x'))]);
  assert.equal(broken, 0);
});

test('ids that nobody knows are asked for a few at a time', async () => {
  const { codecs } = await connect();
  mostOpen = 0;
  await codecs.prepare(Array.from({ length: 100 }, (_, i) => message(under(20_000 + i, 'x'))));
  assert.equal(asked.length, 100);
  assert.equal(mostOpen, 16);
});

test('an id that nobody knows is a dead letter, and is not asked for again for a minute', async () => {
  const { codecs } = await connect();
  const bytes = under(9_999, 'x');
  await codecs.prepare([message(bytes)]);
  await codecs.prepare([message(bytes)]);
  assert.equal(asked.length, 1);
  const decoded = codecs.of('api-call').decode(bytes);
  assert.ok(!decoded.ok && decoded.reason === 'unknown_schema');
  now += 61_000;
  await codecs.prepare([message(bytes)]);
  assert.equal(asked.length, 2);
});

test('a registry that is away is an error to wait on, without its password, and no dead letter', async () => {
  const { codecs } = await connect();
  away = true;
  await assert.rejects(
    codecs.prepare([message(under(8_000, 'x'))]),
    (error: Error) => /does not answer/.test(error.message) && !error.message.includes('secret'),
  );
  away = false;
  schemas.set(8_000, schemaText('api-call'));
  await codecs.prepare([message(under(8_000, 'x'))]);
  assert.ok(codecs.of('api-call').decode(under(8_000, 'x')).ok);
});

test('whoever stands before a registry that is away and says so counts as one that does not answer; one that refuses does not', async () => {
  const { codecs } = await connect();
  const codes: unknown[] = [];
  for (answer of [502, 503, 429, 400])
    await codecs
      .prepare([message(under(7_900, 'x'))])
      .catch((error: unknown) => codes.push(error instanceof StillwatchError ? error.code : String(error)));
  answer = null;
  assert.deepEqual(codes.slice(0, 3), Array(3).fill('REGISTRY_UNREACHABLE'));
  assert.match(String(codes[3]), /answered 400 for schema 7900/);
});
