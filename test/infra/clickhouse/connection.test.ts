import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as openSocket } from 'node:net';
import { test } from 'node:test';
import { failsWith, startTestServer } from './server.ts';

const server = await startTestServer();
const credentials = { 'X-ClickHouse-User': 'default', 'X-ClickHouse-Key': 'secret' };
const { origin, port } = new URL(server.url);

async function raw(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; text: string; code: string | null }> {
  const response = await fetch(`${origin}${path}`, { headers: credentials, ...init });
  return {
    status: response.status,
    text: await response.text(),
    code: response.headers.get('x-clickhouse-exception-code'),
  };
}

test('a ping is answered', async () => {
  assert.equal((await server.client.ping()).success, true);
});

test('a ping that runs a SELECT is answered', async () => {
  assert.equal((await server.client.ping({ select: true })).success, true);
});

test('a wrong password is refused with ClickHouse error 516', async () => {
  const stranger = server.connect({ url: server.url.replace('secret', 'nope') });
  assert.equal((await stranger.ping({ select: true })).success, false);
  await failsWith(516, stranger.query({ query: 'SELECT 1' }));
});

test('credentials count in each of the places that ClickHouse knows, and their absence in none', async () => {
  const query = 'query=SELECT%201';
  const basic = `Basic ${Buffer.from('default:secret').toString('base64')}`;
  assert.equal((await raw(`/?${query}`, { headers: { Authorization: basic } })).status, 200);
  assert.equal((await raw(`/?${query}`)).status, 200);
  assert.equal((await raw(`/?${query}&user=default&password=secret`, { headers: {} })).status, 200);
  assert.deepEqual(await raw(`/?${query}`, { headers: {} }).then(({ status, code }) => [status, code]), [403, '516']);
});

test('a database chosen by the client is the current one', async () => {
  const client = server.connect({ database: 'app' });
  assert.deepEqual(await server.rows('SELECT currentDatabase() AS name', { client }), [{ name: 'app' }]);
});

test("an answer carries the query id it was asked with, and ClickHouse's headers", async () => {
  const result = await server.client.query({ query: 'SELECT 1', query_id: 'asked-with', format: 'JSON' });
  await result.text();
  assert.equal(result.query_id, 'asked-with');
  const { response_headers: headers } = result;
  assert.equal(headers['x-clickhouse-query-id'], 'asked-with');
  assert.equal(headers['x-clickhouse-format'], 'JSON');
  assert.equal(headers['x-clickhouse-server-display-name'], 'chdb');
  assert.ok(headers['x-clickhouse-timezone']);
  assert.match(String(headers['x-clickhouse-summary']), /"elapsed_ns":"\d+"/);
});

test('a command gives a query id of its own', async () => {
  const { query_id: first } = await server.client.command({ query: 'SELECT 1' });
  const { query_id: second } = await server.client.command({ query: 'SELECT 1' });
  assert.match(first, /^[0-9a-f-]{36}$/);
  assert.notEqual(first, second);
});

test('500 queries in a row over kept-alive connections are all answered', async () => {
  for (let i = 0; i < 500; i++) assert.deepEqual(await server.rows(`SELECT ${i} AS i`), [{ i }]);
});

test('GET gives tab-separated values where no format is named', async () => {
  assert.deepEqual(await raw('/?query=SELECT%201,2'), { status: 200, text: '1\t2\n', code: null });
});

test('GET is read-only', async () => {
  const { status, code } = await raw('/?query=CREATE%20TABLE%20app.by_get(a%20Int8)%20ENGINE%3DMemory');
  assert.deepEqual([status, code], [500, '164']);
  assert.deepEqual(await server.rows("SELECT name FROM system.tables WHERE name = 'by_get'"), []);
});

test('POST takes an INSERT from the URL and its data from the body', async () => {
  await server.command('CREATE TABLE app.by_post (a UInt32, s String) ENGINE=MergeTree ORDER BY a');
  assert.equal(
    (await raw('/?query=INSERT%20INTO%20app.by_post%20FORMAT%20TSV', { method: 'POST', body: '77\tx\n' })).status,
    200,
  );
  assert.deepEqual(await server.rows('SELECT * FROM app.by_post'), [{ a: 77, s: 'x' }]);
});

test('POST puts a statement together from URL and body', async () => {
  assert.deepEqual(await raw('/?query=SELECT', { method: 'POST', body: ' 1+1' }), {
    status: 200,
    text: '2\n',
    code: null,
  });
});

test('GET /ping needs no credentials', async () => {
  assert.deepEqual(await raw('/ping', { headers: {} }), { status: 200, text: 'Ok.\n', code: null });
});

test('an empty statement is a syntax error', async () => {
  assert.equal((await raw('/', { method: 'POST', body: ' -- nothing\n' })).code, '62');
});

test('a request line that is no URL is answered, and the server lives', async () => {
  const socket = openSocket(Number(port), '127.0.0.1');
  socket.end('GET // HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
  const [first] = await once(socket, 'data');
  assert.match(String(first), /^HTTP\/1\.1 400 /);
  assert.equal((await server.client.ping()).success, true);
});

test('statements about the server and its tables are answered', async () => {
  await server.command('CREATE TABLE app.described (id UInt64) ENGINE=MergeTree ORDER BY id');
  const statements = [
    'EXPLAIN SELECT 1',
    'SHOW TABLES FROM app',
    'DESCRIBE app.described',
    'SHOW CREATE TABLE app.described',
    'EXISTS app.described',
  ];
  for (const statement of statements) assert.ok((await server.rows(statement)).length > 0, statement);
  await server.command('SYSTEM FLUSH LOGS');
});
