import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, failsWith, startTestServer } from './server.ts';

const server = await startTestServer();
const blockSize = "SELECT getSetting('max_block_size') AS size";

test('settings of a request hold for it', async () => {
  const found = await server.rows(
    "SELECT getSetting('max_block_size') AS size, getSetting('session_timezone') AS zone",
    {
      clickhouse_settings: { max_block_size: 777, session_timezone: 'Asia/Tokyo' },
    },
  );
  assert.deepEqual(found, [{ size: 777, zone: 'Asia/Tokyo' }]);
});

test('settings of a request end with it', async () => {
  const before = await server.rows(blockSize);
  await server.rows(blockSize, { clickhouse_settings: { max_block_size: 777 } });
  assert.deepEqual(await server.rows(blockSize), before);
});

test("the client's own settings for progress and waiting are accepted", async () => {
  const settings = {
    wait_end_of_query: 1,
    send_progress_in_http_headers: 1,
    http_headers_progress_interval_ms: '1000',
  } as const;
  await server.client.command({ query: 'SELECT 1', clickhouse_settings: settings });
});

test('an unknown setting is ClickHouse error 115 with HTTP status 404', async () => {
  await failsWith(115, server.rows('SELECT 1', { clickhouse_settings: { no_such: 1 } }));
  const { status } = await fetch(`${new URL(server.url).origin}/?query=SELECT%201&password=secret&no_such=1`);
  assert.equal(status, 404);
});

test('readonly refuses an insert', async () => {
  await server.command('CREATE TABLE app.kept (a UInt8) ENGINE=MergeTree ORDER BY a');
  await failsWith(
    164,
    server.client.command({ query: 'INSERT INTO app.kept VALUES (1)', clickhouse_settings: { readonly: '1' } }),
  );
  assert.deepEqual(await server.rows('SELECT * FROM app.kept'), []);
});

test('max_execution_time ends a query with ClickHouse error 159', async () => {
  const query = 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)';
  await failsWith(159, server.client.query({ query, clickhouse_settings: { max_execution_time: 1 } }));
});

test('max_memory_usage ends a query with ClickHouse error 241', async () => {
  const query = 'SELECT groupArray(number) FROM numbers(100000000)';
  await failsWith(241, server.client.query({ query, clickhouse_settings: { max_memory_usage: '10000000' } }));
});

test('a session keeps its temporary tables and settings, for itself', async () => {
  const session = server.connect({ session_id: 'kept', max_open_connections: 1 });
  await session.command({ query: 'CREATE TEMPORARY TABLE own (a UInt8)' });
  await session.insert({ table: 'own', values: [{ a: 1 }], format: 'JSONEachRow' });
  await session.command({ query: 'SET max_block_size=4242' });
  const found = await server.rows("SELECT count() AS n, getSetting('max_block_size') AS size FROM own", {
    client: session,
  });
  assert.deepEqual(found, [{ n: 1, size: 4242 }]);
  await failsWith(60, server.rows('SELECT * FROM own'));
});

test("a request's settings end with it within a session too, readonly among them", async () => {
  const session = server.connect({ session_id: 'clean', max_open_connections: 1 });
  const before = await server.rows(blockSize, { client: session });
  await server.rows(blockSize, { client: session, clickhouse_settings: { max_block_size: 5, readonly: '2' } });
  assert.deepEqual(await server.rows(blockSize, { client: session }), before);
  await session.command({ query: 'CREATE TEMPORARY TABLE later (a UInt8)' });
});

test('a session serves one request at a time', async () => {
  const slow = server.client.query({
    query: 'SELECT sleep(2)',
    session_id: 'busy',
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  await eventually('the first request runs', async () => (await server.running('sleep(2)')) > 0);
  await failsWith(373, server.client.query({ query: 'SELECT 1', session_id: 'busy' }));
  await (await slow).text();
  await (await server.client.query({ query: 'SELECT 1', session_id: 'busy' })).text();
});

test('a session that must exist and does not is ClickHouse error 372', async () => {
  const { origin } = new URL(server.url);
  const answer = await fetch(`${origin}/?query=SELECT%201&password=secret&session_id=never&session_check=1`);
  assert.equal(answer.headers.get('x-clickhouse-exception-code'), '372');
});

for (const timeout of ['soon', '-1', '3601']) {
  test(`a session timeout of ${timeout} is refused`, async () => {
    const { origin } = new URL(server.url);
    const answer = await fetch(`${origin}/?query=SELECT%201&password=secret&session_id=x&session_timeout=${timeout}`);
    assert.equal(answer.headers.get('x-clickhouse-exception-code'), '374');
  });
}

test('a closed session forgets', async () => {
  const session = server.connect({ session_id: 'closed', max_open_connections: 1 });
  await session.command({ query: 'CREATE TEMPORARY TABLE own (a UInt8)' });
  const { origin } = new URL(server.url);
  await (await fetch(`${origin}/?query=SELECT%201&password=secret&session_id=closed&close_session=1`)).text();
  await failsWith(60, server.rows('SELECT * FROM own', { client: session }));
});
