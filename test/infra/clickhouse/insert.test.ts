import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { beforeEach, test } from 'node:test';
import { failsWith, startTestServer } from './server.ts';

const server = await startTestServer();
const app = server.connect({ database: 'app' });
const rows = Array.from({ length: 100_000 }, (_, i) => ({
  id: i,
  name: `n"\\\n${i}`,
  at: '2026-01-01 00:00:00.123',
  tags: ['a', 'b'],
  m: { x: i / 2 },
}));

beforeEach(async () => {
  await server.command(`CREATE OR REPLACE TABLE app.t (id UInt64, name String, at DateTime64(3), tags Array(String), m Map(String, Float64))
    ENGINE=MergeTree ORDER BY id`);
});

async function count(): Promise<unknown> {
  return await server.rows('SELECT count() AS n FROM app.t');
}

test('100,000 JSON rows arrive whole, and the summary counts them', async () => {
  const { summary } = await app.insert({ table: 't', values: rows, format: 'JSONEachRow' });
  assert.equal(summary?.written_rows, '100000');
  assert.ok(Number(summary?.written_bytes) > 0 && Number(summary?.elapsed_ns) > 0);
  const [found] = await server.rows(
    "SELECT count() AS n, sum(id) AS sum, max(name) AS name, max(m['x']) AS x, any(tags) AS tags FROM app.t",
  );
  assert.deepEqual(found, { n: 100_000, sum: 4_999_950_000, name: 'n"\\\n99999', x: 49_999.5, tags: ['a', 'b'] });
});

for (const codec of ['gzip', 'zstd', 'br'] as const) {
  test(`request and answer may be compressed with ${codec}`, async () => {
    const client = server.connect({ compression: { request: { codec }, response: { codec } } });
    await client.insert({ table: 'app.t', values: rows.slice(0, 20_000), format: 'JSONEachRow' });
    const result = await client.query({ query: 'SELECT count() AS n FROM app.t', format: 'JSONEachRow' });
    assert.equal(result.response_headers['content-encoding'], codec);
    assert.deepEqual(await result.json(), [{ n: 20_000 }]);
  });
}

test('a body in an unknown compression is refused with ClickHouse error 89', async () => {
  const query = new URLSearchParams({ query: 'INSERT INTO app.t FORMAT CSV', password: 'secret' });
  const answer = await fetch(`${new URL(server.url).origin}/?${query}`, {
    method: 'POST',
    body: '1',
    headers: { 'Content-Encoding': 'snappy' },
  });
  assert.equal(answer.headers.get('x-clickhouse-exception-code'), '89');
});

test('TRUNCATE empties a table', async () => {
  await app.insert({ table: 't', values: rows.slice(0, 10), format: 'JSONEachRow' });
  await server.command('TRUNCATE TABLE app.t');
  assert.deepEqual(await count(), [{ n: 0 }]);
});

test('rows may come from a stream of objects', async () => {
  await app.insert({
    table: 't',
    values: Readable.from(rows.slice(0, 50_000), { objectMode: true }),
    format: 'JSONEachRow',
  });
  assert.deepEqual(await count(), [{ n: 50_000 }]);
});

test('rows may come from a stream of CSV bytes', async () => {
  const lines = function* () {
    for (let i = 0; i < 1_000; i++) yield `${i},"x,y ""z"" ${i}"\n`;
  };
  await app.insert({
    table: 't',
    columns: ['id', 'name'],
    values: Readable.from(lines(), { objectMode: false }),
    format: 'CSV',
  });
  assert.deepEqual(await server.rows('SELECT count() AS n, argMin(name, id) AS first FROM app.t'), [
    { n: 1_000, first: 'x,y "z" 0' },
  ]);
});

test('an insert of nothing does nothing, from an array and from a stream', async () => {
  await app.insert({ table: 't', values: [], format: 'JSONEachRow' });
  await app.insert({ table: 't', values: Readable.from([], { objectMode: true }), format: 'JSONEachRow' });
  assert.deepEqual(await count(), [{ n: 0 }]);
});

test('columns may be named, or all but some', async () => {
  await app.insert({ table: 't', values: [[1, 'z']], columns: ['id', 'name'], format: 'JSONCompactEachRow' });
  await app.insert({
    table: 't',
    values: [{ id: 2, name: 'q' }],
    columns: { except: ['at', 'tags', 'm'] },
    format: 'JSONEachRow',
  });
  assert.deepEqual(await server.rows('SELECT id, name FROM app.t ORDER BY id'), [
    { id: 1, name: 'z' },
    { id: 2, name: 'q' },
  ]);
});

test('60 MB in one compressed insert arrive whole', async () => {
  const padding = 'p'.repeat(550);
  const big = function* () {
    for (let i = 0; i < 100_000; i++) yield { id: i, name: padding + i };
  };
  const client = server.connect({ compression: { request: true } });
  const { summary } = await client.insert({
    table: 'app.t',
    values: Readable.from(big(), { objectMode: true }),
    format: 'JSONEachRow',
  });
  assert.equal(summary?.written_rows, '100000');
  assert.deepEqual(await server.rows('SELECT count() AS n, sum(length(name)) AS length FROM app.t'), [
    { n: 100_000, length: 55_488_890 },
  ]);
});

test('VALUES and FORMAT data may stand in the statement', async () => {
  await server.command("INSERT INTO app.t (id, name) VALUES (1,'a;b'),(2,'c')");
  await server.command('INSERT INTO app.t (id, name) FORMAT JSONEachRow {"id":3,"name":"x"}');
  assert.deepEqual(await server.rows('SELECT id, name FROM app.t ORDER BY id'), [
    { id: 1, name: 'a;b' },
    { id: 2, name: 'c' },
    { id: 3, name: 'x' },
  ]);
});

test('INSERT ... SELECT writes, and its summary claims no figures that the engine does not know', async () => {
  const { summary } = await server.client.command({
    query: 'INSERT INTO app.t (id, name) SELECT number, toString(number) FROM numbers(100)',
  });
  assert.deepEqual(await count(), [{ n: 100 }]);
  assert.equal(summary?.written_rows, undefined);
  assert.match(String(summary?.elapsed_ns), /^\d+$/);
});

test('INSERT ... SELECT FROM input() is refused, since the engine would lose its data', async () => {
  const insert = server.insertBytes(
    "INSERT INTO app.t (id) SELECT x FROM input('x UInt64') FORMAT TSV",
    Readable.from(['1\n'], { objectMode: false }),
  );
  await failsWith(48, insert);
});

test('a batch with the token of an earlier one is written once', async () => {
  await server.command(
    'CREATE TABLE app.tokens (a UInt32) ENGINE=MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window=100',
  );
  for (const token of ['x', 'x', 'y']) {
    const settings = { insert_deduplication_token: token };
    await server.client.insert({
      table: 'app.tokens',
      values: [{ a: 1 }],
      format: 'JSONEachRow',
      clickhouse_settings: settings,
    });
  }
  assert.deepEqual(await server.rows('SELECT count() AS n FROM app.tokens'), [{ n: 2 }]);
});

test('inserts that ask for async_insert are written when they are acknowledged', async () => {
  const settings = { async_insert: 1, wait_for_async_insert: 1 } as const;
  const insert = (id: number) =>
    app.insert({ table: 't', values: [{ id }], format: 'JSONEachRow', clickhouse_settings: settings });
  await Promise.all(Array.from({ length: 50 }, (_, i) => insert(i)));
  assert.deepEqual(await count(), [{ n: 50 }]);
});

test('a value of the wrong type is refused with ClickHouse error 27, and nothing is written', async () => {
  await failsWith(27, app.insert({ table: 't', values: [{ id: 1 }, { id: 'abc' }], format: 'JSONEachRow' }));
  assert.deepEqual(await count(), [{ n: 0 }]);
});
