import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../services/console/access/origin.ts';
import { createSessions, SESSION_LIFETIME } from '../../services/console/access/sessions.ts';
import { createTokens, makeToken } from '../../services/console/access/tokens.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { ROLES, type Role } from '../../services/platform/config/token-entry.ts';
import { alertRow, answers, consoleOver, fakeClickHouse } from './canned.ts';
import { fill, isApi, nameOf, routeTable, type TableRoute } from './route-table.ts';

const made = Object.fromEntries(ROLES.map((role) => [role, makeToken(`the-${role}`, role)])) as Record<
  Role,
  ReturnType<typeof makeToken>
>;
const tokens = Object.values(made).map(({ entry }) => entry);
const known = () => fakeClickHouse(answers({ alert: () => [alertRow()], list: () => [alertRow()] }));
const guarded = (clickhouse = known()) => consoleOver(clickhouse, [], { tokens });
const bearer = (role: Role) => ({ authorization: `Bearer ${made[role].token}` });

/** Every route of the API, from the server's own table. */
const routes = (await routeTable(consoleOver(known()).app)).filter(isApi);

const PUBLIC = ['GET /api/session', 'POST /api/session', 'DELETE /api/session', 'GET /api/health'];
const ADMIN = ['GET /api/audit'];
const requestOf = (route: TableRoute) => ({
  method: route.method,
  url: fill(route, 'a_c_1'),
  ...(route.body === null ? {} : { payload: {} }),
});

test('every route but log-in and health is closed to whoever brings no token', async () => {
  assert.ok(routes.length >= 20, `${routes.length} routes`);
  for (const route of routes) {
    const clickhouse = known();
    const response = await guarded(clickhouse).app.inject(requestOf(route));
    if (PUBLIC.includes(nameOf(route))) assert.notEqual(response.statusCode, 403, nameOf(route));
    else {
      assert.equal(response.statusCode, 401, nameOf(route));
      assert.equal(clickhouse.asked.length, 0, nameOf(route));
    }
  }
});

test('roles: a viewer reads, a responder changes, an admin reads the audit log', async () => {
  for (const route of routes) {
    if (PUBLIC.includes(nameOf(route))) continue;
    const least: Role = ADMIN.includes(nameOf(route)) ? 'admin' : route.method === 'GET' ? 'viewer' : 'responder';
    for (const role of ROLES) {
      const { statusCode } = await guarded().app.inject({ ...requestOf(route), headers: bearer(role) });
      const isRefused = ROLES.indexOf(role) < ROLES.indexOf(least);
      assert.equal(statusCode === 403, isRefused, `${nameOf(route)} as ${role}: ${statusCode}`);
    }
  }
});

test('a token acts in its own name only', async () => {
  const clickhouse = known();
  const mark = (payload: object) =>
    guarded(clickhouse).app.inject({
      method: 'POST',
      url: '/api/alerts/a_c_1/marks',
      headers: bearer('responder'),
      payload,
    });
  assert.equal((await mark({ mark: 'true', by: 'somebody' })).statusCode, 400);
  assert.deepEqual(clickhouse.inserted, []);
  assert.equal((await mark({ mark: 'true' })).statusCode, 201);
  const authors = clickhouse.inserted.map(({ rows }) => rows[0]?.['author'] ?? rows[0]?.['marked_by']);
  assert.deepEqual(authors, ['the-responder', 'the-responder']);
});

test('what cannot be audited is not done', async () => {
  const clickhouse = known();
  const inserted: string[] = [];
  const failing = {
    ...clickhouse,
    async insert(table: string): Promise<void> {
      if (table === 'audit_log') throw new Error('disk full');
      inserted.push(table);
    },
  };
  const { app } = guarded(failing);
  const payload = { alert_ids: ['a_c_1'] };
  const response = await app.inject({
    method: 'POST',
    url: '/api/acknowledgements',
    headers: bearer('admin'),
    payload,
  });
  assert.equal(response.statusCode, 503);
  assert.deepEqual(inserted, []);
});

test('a session lets its owner in until the log-out, and a page from elsewhere cannot use it', async () => {
  const { app } = guarded();
  const login = await app.inject({ method: 'POST', url: '/api/session', payload: { token: made.responder.token } });
  assert.deepEqual([login.statusCode, login.json().who], [201, { name: 'the-responder', role: 'responder' }]);
  const setCookie = String(login.headers['set-cookie']);
  assert.match(setCookie, /HttpOnly/);
  assert.match(setCookie, /SameSite=Strict/);
  assert.ok(!setCookie.includes(made.responder.token));
  const cookie = setCookie.split(';', 1)[0] ?? '';
  const host = 'console.example';
  const mark = (headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/api/alerts/a_c_1/marks',
      headers: { host, cookie, ...headers },
      payload: { mark: 'true' },
    });
  assert.equal((await mark({ origin: `https://${host}`, 'sec-fetch-site': 'same-origin' })).statusCode, 201);
  assert.equal((await mark({ origin: 'https://evil.example' })).statusCode, 403);
  assert.equal((await mark({ origin: 'null' })).statusCode, 403);
  assert.equal((await mark({ 'sec-fetch-site': 'cross-site' })).statusCode, 403);
  await app.inject({ method: 'DELETE', url: '/api/session', headers: { host, cookie } });
  assert.equal((await mark({})).statusCode, 401);
});

test('behind TLS the cookie never travels without it', async () => {
  const headers = { 'x-forwarded-proto': 'https' };
  const payload = { token: made.viewer.token };
  const login = await guarded().app.inject({ method: 'POST', url: '/api/session', headers, payload });
  assert.match(String(login.headers['set-cookie']), /; Secure/);
});

test('whoever guesses tokens is stopped, and told for how long', async () => {
  const { app } = guarded();
  const codes: number[] = [];
  for (let attempt = 0; attempt < 12; attempt++)
    codes.push(
      (await app.inject({ method: 'POST', url: '/api/session', payload: { token: `sw_${attempt}` } })).statusCode,
    );
  assert.deepEqual(new Set(codes.slice(0, 10)), new Set([401]));
  assert.deepEqual(codes.slice(10), [429, 429]);
  const last = await app.inject({ method: 'POST', url: '/api/session', payload: { token: made.admin.token } });
  assert.equal(last.json().error, 'too_many');
  assert.ok(Number(last.headers['retry-after']) > 0);
});

test('without tokens only this machine is answered, by a name of its own', async () => {
  const { app } = consoleOver(known());
  assert.equal((await app.inject('/api/alerts')).statusCode, 200);
  assert.equal((await app.inject({ url: '/api/alerts', remoteAddress: '192.0.2.7' })).statusCode, 403);
  assert.equal((await app.inject({ url: '/api/alerts', headers: { host: 'evil.example' } })).statusCode, 403);
});

for (const host of ['0.0.0.0', '::', '192.0.2.1', 'console.example'])
  test(`it refuses to be reachable at ${host} without tokens`, () => {
    assert.throws(() => consoleOver(known(), [], { host }), { code: 'CONFIG_INVALID', message: /console\.tokens/ });
    assert.doesNotThrow(() => consoleOver(known(), [], { host, tokens }));
  });

test('the loopback is told from everything else', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) assert.equal(isLoopback(host), true, host);
  for (const host of ['127.0.0.1.example', '10.0.0.1', '', '::']) assert.equal(isLoopback(host), false, host);
});

test('a token is known by its hash alone, and a session ends after a shift', () => {
  const known = createTokens([made.viewer.entry]);
  assert.deepEqual(known.identify(made.viewer.token), { name: 'the-viewer', role: 'viewer' });
  assert.equal(known.identify(made.admin.token), null);
  assert.equal(known.identify(made.viewer.entry.split(':').at(-1) ?? ''), null);
  let now = 0;
  const sessions = createSessions(() => now);
  const id = sessions.open({ name: 'kim', role: 'viewer' });
  assert.equal(sessions.find(id)?.name, 'kim');
  now = SESSION_LIFETIME;
  assert.equal(sessions.find(id), null);
});

test('the configuration takes entries as they are printed, and no others', () => {
  const load = (text: string) =>
    loadConfig({ flags: { 'console.tokens': text }, environment: {}, file: null }).config.console.tokens;
  assert.equal(load(tokens.join(', ')), tokens.join(', '));
  assert.throws(
    () => load(made.viewer.token),
    (error: Error) => /name:role:sha256/.test(error.message) && !error.message.includes(made.viewer.token),
  );
});
