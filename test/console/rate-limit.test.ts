import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeToken } from '../../services/console/access/tokens.ts';
import { refusalSchema } from '../../services/console/refusals.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { alertRow, answers, consoleOver, fakeClickHouse } from './canned.ts';

const LIMIT = 20;
const kim = makeToken('kim', 'viewer');
const lee = makeToken('lee', 'admin');
const bearer = ({ token }: typeof kim) => ({ authorization: `Bearer ${token}` });

function site(lines: string[] = []) {
  const clickhouse = fakeClickHouse(answers({ list: () => [alertRow()] }));
  const tokens = [kim.entry, lee.entry];
  const { app } = consoleOver(clickhouse, lines, { tokens, requestsPerMinute: LIMIT });
  const ask = async (headers: Record<string, string>, url = '/api/alerts', remoteAddress = '192.0.2.1') =>
    await app.inject({ url, headers, remoteAddress });
  const statuses = async (number: number, ...asked: Parameters<typeof ask>): Promise<number[]> => {
    const found: number[] = [];
    for (let i = 0; i < number; i++) found.push((await ask(...asked)).statusCode);
    return found;
  };
  return { app, clickhouse, ask, statuses };
}

test('whoever asks too often is told when to come again, before anything is looked up, and others are answered', async () => {
  const lines: string[] = [];
  const { clickhouse, ask, statuses } = site(lines);
  assert.deepEqual(new Set(await statuses(LIMIT, bearer(kim))), new Set([200]));
  clickhouse.asked.length = 0;
  const refused = await ask(bearer(kim));
  assert.equal(refused.statusCode, 429);
  const after = Number(refused.headers['retry-after']);
  assert.ok(after > 0 && after <= 60, `${after} s`);
  const { error, what } = refusalSchema.parse(refused.json());
  assert.deepEqual([error, what], ['too_many', `more than 20 requests in a minute: none is answered for ${after} s`]);
  assert.deepEqual(clickhouse.asked, []);
  assert.equal((await ask(bearer(lee))).statusCode, 200);
  const said = lines.map((line): Record<string, unknown> => JSON.parse(line)).find(({ status }) => status === 429);
  assert.deepEqual([said?.['by'], said?.['route'], said?.['address']], ['kim', '/api/alerts', '192.0.2.1']);
});

test('one person is counted once, by token and by session, wherever they are and whatever they ask for', async () => {
  const { app, statuses, ask } = site();
  const { cookies } = await app.inject({ method: 'POST', url: '/api/session', payload: { token: kim.token } });
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  await statuses(LIMIT / 2, bearer(kim));
  await statuses(LIMIT / 2, { cookie }, '/api/silences', '198.51.100.7');
  for (const url of ['/api/alerts', '/api/silences', '/api/openapi.json'])
    for (const headers of [bearer(kim), { cookie }]) assert.equal((await ask(headers, url)).statusCode, 429, url);
});

test('whom nobody knows is counted by their network, and costs those who are known nothing', async () => {
  const { statuses } = site();
  assert.deepEqual((await statuses(LIMIT + 1, {}, '/api/health', '2001:db8::1')).slice(-2), [200, 429]);
  assert.deepEqual(await statuses(1, {}, '/api/health', '2001:db8::2'), [429]);
  assert.deepEqual(await statuses(1, {}, '/api/health', '2001:db8:0:1::1'), [200]);
  assert.deepEqual(await statuses(1, bearer(kim), '/api/alerts', '2001:db8::1'), [200]);
});

test('an assistant is counted as whoever it asks for', async () => {
  const { app, statuses } = site();
  await statuses(LIMIT - 1, bearer(kim));
  const payload = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'list_silences', arguments: {} },
  };
  const headers = { ...bearer(kim), accept: 'application/json, text/event-stream' };
  const called = await app.inject({ method: 'POST', url: '/api/mcp', headers, payload });
  assert.equal(called.statusCode, 200);
  assert.match(called.body, /too_many/);
});

test('by default nobody with a page open, or twenty, comes near it; and it can be set', () => {
  const load = (flags: Record<string, string>) => loadConfig({ flags, environment: {}, file: null }).config.console;
  assert.equal(load({}).requests_per_minute, 1_200);
  assert.equal(load({ 'console.requests_per_minute': '6000' }).requests_per_minute, 6_000);
  assert.throws(() => load({ 'console.requests_per_minute': '0' }), { code: 'CONFIG_INVALID' });
});
