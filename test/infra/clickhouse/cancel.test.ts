import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { eventually, failsWith, startTestServer } from './server.ts';

const server = await startTestServer();

/** Ten times as long as a test waits, if it is not ended. */
function slowQuery(mark: string): string {
  return `SELECT sleepEachRow(0.2), '${mark}' FROM numbers(1000) SETTINGS max_block_size = 1`;
}

async function runs(mark: string): Promise<void> {
  await eventually(`${mark} runs`, async () => (await server.running(mark)) > 0);
}

async function ended(mark: string): Promise<void> {
  await eventually(`${mark} has ended`, async () => (await server.running(mark)) === 0);
}

test('a query whose client goes away is killed where the client asked for it', async () => {
  const abort = new AbortController();
  const query = server.client.query({
    query: slowQuery('aborted'),
    abort_signal: abort.signal,
    clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1, wait_end_of_query: 1 },
  });
  const refused = assert.rejects(query, /abort/);
  await runs('aborted');
  abort.abort();
  await refused;
  await ended('aborted');
});

test('an insert that is broken off in its body writes nothing, and leaves no file', async () => {
  await server.command('CREATE TABLE app.t (a UInt32, s String) ENGINE=MergeTree ORDER BY a');
  for (const compression of [{ request: false }, { request: true }]) {
    const client = server.connect({ compression });
    const abort = new AbortController();
    const values = new Readable({ objectMode: true, read: () => undefined });
    // The abort reaches the reader's own pipeline too.
    values.on('error', () => undefined);
    for (let i = 0; i < 20_000; i++) values.push({ a: i, s: `row ${Math.random()}` });
    const insert = client.insert({ table: 'app.t', values, format: 'JSONEachRow', abort_signal: abort.signal });
    const refused = assert.rejects(insert, /abort/);
    await eventually('data has arrived', async () => (await waitingBytes()) > 0);
    abort.abort();
    await refused;
    await eventually('its file is gone', async () => (await waitingFiles()).length === 0);
    assert.deepEqual(await server.rows('SELECT count() AS n FROM app.t'), [{ n: 0 }]);
  }
});

test('KILL QUERY ends a query by its query id, and does not wait for ever with SYNC', async () => {
  const query = server.client.query({
    query: slowQuery('by id'),
    query_id: 'my-query-1',
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  const killed = failsWith(394, query);
  await runs('by id');
  await server.command("KILL QUERY WHERE query_id = 'my-query-1' SYNC");
  await killed;
});

test('KILL QUERY gets through when every thread for queries is taken', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `crowd-${i}`);
  let left = ids.length;
  const crowd = ids.map(async (query_id) => {
    const settings = { wait_end_of_query: 1 } as const;
    await failsWith(394, server.client.query({ query: slowQuery('crowd'), query_id, clickhouse_settings: settings }));
    left -= 1;
  });
  const all = Promise.all(crowd);
  // Those that wait for a thread come to run only when others end, so one does not reach them all.
  await eventually('all were killed', async () => {
    await server.command("KILL QUERY WHERE startsWith(query_id, 'crowd-') ASYNC");
    return left === 0;
  });
  await all;
});

const folder = join(server.dir, 'data', 'http_tmp');

async function waitingFiles(): Promise<string[]> {
  return await readdir(folder);
}

async function waitingBytes(): Promise<number> {
  const sizes = await Promise.all((await waitingFiles()).map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
