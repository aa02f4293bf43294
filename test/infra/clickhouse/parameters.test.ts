import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TupleParam } from '@clickhouse/client';
import { failsWith, startTestServer } from './server.ts';

const server = await startTestServer();
const awkward = "it's \\ a\ttab\nnl \u{1F600} {x}";

const cases: readonly (readonly [type: string, given: unknown, got: unknown])[] = [
  ['UInt32', 5, 5],
  ['String', awkward, awkward],
  ['Nullable(String)', null, null],
  ['Array(String)', ["a'b", 'c\\d', 'e\tf'], ["a'b", 'c\\d', 'e\tf']],
  ['Map(String, UInt8)', { k: 1 }, { k: 1 }],
  ['DateTime64(3)', new Date(1_700_000_000_123), '2023-11-14 22:13:20.123'],
  ['Bool', true, true],
  ['Tuple(UInt8, String)', new TupleParam([1, 'q']), [1, 'q']],
  ['Float64', 1.5, 1.5],
  ['Array(Date)', ['2026-01-02'], ['2026-01-02']],
];
for (const [type, given, got] of cases) {
  test(`a parameter of type ${type} arrives as it was given`, async () => {
    const settings = { session_timezone: 'UTC' };
    const found = await server.rows(`SELECT {x:${type}} AS x`, {
      query_params: { x: given },
      clickhouse_settings: settings,
    });
    assert.deepEqual(found, [{ x: got }]);
  });
}

test('the largest UInt64 arrives whole', async () => {
  const found = await server.rows('SELECT toString({x:UInt64}) AS x', { query_params: { x: 18446744073709551615n } });
  assert.deepEqual(found, [{ x: '18446744073709551615' }]);
});

test('several parameters in one statement keep their own values', async () => {
  const found = await server.rows('SELECT {a:UInt32} AS a, {b:String} AS b, {a:UInt32} + 1 AS c', {
    query_params: { a: 1, b: awkward },
  });
  assert.deepEqual(found, [{ a: 1, b: awkward, c: 2 }]);
});

test('a parameter may name a database and a table', async () => {
  await server.command('CREATE TABLE app.named (a UInt8) ENGINE=MergeTree ORDER BY a');
  await server.command('INSERT INTO app.named VALUES (1),(2)');
  const found = await server.rows('SELECT count() AS n FROM {d:Identifier}.{t:Identifier}', {
    query_params: { d: 'app', t: 'named' },
  });
  assert.deepEqual(found, [{ n: 2 }]);
});

test('2 MB of parameters travel in a multipart form', async () => {
  const query_params = { list: Array.from({ length: 300_000 }, (_, i) => i) };
  const found = await server.rows('SELECT length({list:Array(UInt32)}) AS n, arraySum({list:Array(UInt32)}) AS sum', {
    query_params,
    use_multipart_params: true,
  });
  assert.deepEqual(found, [{ n: 300_000, sum: 44_999_850_000 }]);
});

test('a missing parameter is ClickHouse error 456', async () => {
  await failsWith(456, server.client.query({ query: 'SELECT {x:UInt8}' }));
});
