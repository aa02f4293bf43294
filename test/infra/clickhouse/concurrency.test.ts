import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, startTestServer } from './server.ts';

const server = await startTestServer();

test('20 queries run at the same time', async () => {
  const client = server.connect({ max_open_connections: 30 });
  const queries = Array.from({ length: 20 }, (_, i) => server.rows(`SELECT sleep(1.5) AS zero, ${i} AS i`, { client }));
  await eventually('20 run', async () => (await server.running('sleep(1.5)')) === 20);
  assert.deepEqual(
    (await Promise.all(queries)).flat(),
    Array.from({ length: 20 }, (_, i) => ({ zero: 0, i })),
  );
});

test('400 requests at once each get the answer to their own parameters and settings', async () => {
  const ask = async (i: number): Promise<void> => {
    const query = "SELECT {x:UInt32} AS x, getSetting('max_block_size') AS size";
    const found = await server.rows(query, {
      query_params: { x: i },
      clickhouse_settings: { max_block_size: 1_000 + i },
    });
    assert.deepEqual(found, [{ x: i, size: 1_000 + i }]);
  };
  await Promise.all(Array.from({ length: 400 }, (_, i) => ask(i)));
});

test('inserts at once from many requests are all written', async () => {
  await server.command('CREATE TABLE app.t (a UInt32) ENGINE=MergeTree ORDER BY a');
  const insert = async (i: number): Promise<void> => {
    const values = Array.from({ length: 100 }, (_, k) => ({ a: i * 100 + k }));
    await server.client.insert({ table: 'app.t', values, format: 'JSONEachRow' });
  };
  await Promise.all(Array.from({ length: 60 }, (_, i) => insert(i)));
  assert.deepEqual(await server.rows('SELECT count() AS n, uniqExact(a) AS different FROM app.t'), [
    { n: 6_000, different: 6_000 },
  ]);
});
