import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSessions, SESSION_IDLE, SESSION_LIFETIME } from '../../services/console/access/sessions.ts';
import { createTokens, makeToken } from '../../services/console/access/tokens.ts';
import { loadConfig } from '../../services/platform/config/load.ts';
import { ROLES, type Role } from '../../services/platform/config/token-entry.ts';
import { isLoopback } from '../../services/platform/loopback.ts';
import { alertRow, answers, consoleOver, fakeClickHouse } from './canned.ts';
import { fill, isApi, nameOf, routeTable, type TableRoute } from './route-table.ts';

const made = Object.fromEntries(ROLES.map((role) => [role, makeToken(`the-${role}`, role)])) as Record<
  Role,
  ReturnType<typeof makeToken>
>;
const tokens = Object.values(made).map(({ entry }) => entry);
const known = () => fakeClickHouse(answers({ alert: () => [alertRow()], list: () => [alertRow()] }));
const guarded = (clickhouse = known()) => consoleOver(clickhouse, [], { tokens, testKey: 'a-key-that-is-shared' });
const bearer = (role: Role) => ({ authorization: `Bearer ${made[role].token}` });

/** Every route of the API, from the server's own table. */
const routes = (await routeTable(consoleOver(known()).app)).filter(isApi);

const PUBLIC = ['GET /api/session', 'POST /api/session', 'DELETE /api/session', 'GET /api/health'];
const ADMIN = ['GET /api/audit', 'DELETE /api/people/:name/sessions', 'POST /api/targets/:target/test'];
/** Of oneself. */
const OWN = ['DELETE /api/sessions', 'DELETE /api/sessions/:session_id'];
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

/** Assistants ask by POST too, and only read (mcp.test.ts). */
const reads = ({ method, path }: TableRoute): boolean => method === 'GET' || path === '/api/mcp';

test('roles: a viewer reads, a responder changes, an admin reads the audit log and tests targets', async () => {
  for (const route of routes) {
    if (PUBLIC.includes(nameOf(route))) continue;
    const least: Role = ADMIN.includes(nameOf(route))
      ? 'admin'
      : reads(route) || OWN.includes(nameOf(route))
        ? 'viewer'
        : 'responder';
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
  assert.equal((await mark({ mark: 'true', note: 'read it', by: 'somebody' })).statusCode, 400);
  assert.deepEqual(clickhouse.inserted, []);
  assert.equal((await mark({ mark: 'true', note: 'read it' })).statusCode, 201);
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
      payload: { mark: 'true', note: 'read it' },
    });
  assert.equal((await mark({ origin: `https://${host}`, 'sec-fetch-site': 'same-origin' })).statusCode, 201);
  assert.equal((await mark({ origin: 'https://evil.example' })).statusCode, 403);
  assert.equal((await mark({ origin: 'null' })).statusCode, 403);
  assert.equal((await mark({ 'sec-fetch-site': 'cross-site' })).statusCode, 403);
  await app.inject({ method: 'DELETE', url: '/api/session', headers: { host, cookie } });
  assert.equal((await mark({})).statusCode, 401);
});

const login = (app: ReturnType<typeof guarded>['app'], over: object = {}) =>
  app.inject({ method: 'POST', url: '/api/session', payload: { token: made.viewer.token }, ...over });
const isSecure = (response: Awaited<ReturnType<typeof login>>) =>
  /; Secure/.test(String(response.headers['set-cookie']));

test('behind TLS the cookie never travels without it: the browser says that it is, or a proxy that is trusted', async () => {
  const host = 'console.example';
  const forwarded = { 'x-forwarded-proto': 'https' };
  const trusting = () => consoleOver(known(), [], { tokens, trustedProxies: ['127.0.0.0/8'] }).app;
  assert.equal(isSecure(await login(guarded().app, { headers: { host, origin: `https://${host}` } })), true);
  assert.equal(isSecure(await login(guarded().app, { headers: { host, origin: `http://${host}` } })), false);
  assert.equal(isSecure(await login(guarded().app, { headers: forwarded })), false);
  assert.equal(isSecure(await login(trusting(), { headers: forwarded })), true);
  assert.equal(isSecure(await login(trusting(), { headers: forwarded, remoteAddress: '192.0.2.7' })), false);
});

test('over TLS the session has a name that nothing in the clear can set, and one of another name is none', async () => {
  const { app } = consoleOver(known(), [], { tokens, trustedProxies: ['127.0.0.0/8'] });
  const headers = { 'x-forwarded-proto': 'https' };
  const [opened] = (await login(app, { headers })).cookies;
  assert.equal(opened?.name, '__Secure-stillwatch_session');
  const statusOf = async (name: string, over: object = {}) =>
    (await app.inject({ url: '/api/alerts', headers, cookies: { [name]: opened?.value ?? '' }, ...over })).statusCode;
  assert.equal(await statusOf('__Secure-stillwatch_session'), 200);
  assert.equal(await statusOf('stillwatch_session'), 401);
  assert.equal(await statusOf('stillwatch_session', { headers: {} }), 200);
});

test('whoever logs in again has a new session, and the one before is over', async () => {
  const { app } = guarded();
  const cookieOf = (response: Awaited<ReturnType<typeof login>>) =>
    String(response.headers['set-cookie']).split(';', 1)[0] ?? '';
  const first = cookieOf(await login(app));
  const second = cookieOf(await login(app, { headers: { cookie: first } }));
  const status = async (cookie: string) => (await app.inject({ url: '/api/alerts', headers: { cookie } })).statusCode;
  assert.deepEqual([await status(first), await status(second)], [401, 200]);
});

test('who asks is whoever connects, and whom a proxy names only where the proxy is trusted', async () => {
  const addresses: unknown[] = [];
  for (const trustedProxies of [[], ['10.0.0.0/8']])
    for (const remoteAddress of ['10.0.0.7', '192.0.2.7']) {
      const clickhouse = known();
      const { app } = consoleOver(clickhouse, [], { tokens, trustedProxies });
      await login(app, { headers: { 'x-forwarded-for': '198.51.100.9' }, remoteAddress });
      addresses.push(clickhouse.inserted[0]?.rows[0]?.['address']);
    }
  assert.deepEqual(addresses, ['10.0.0.7', '192.0.2.7', '198.51.100.9', '192.0.2.7']);
});

test('without tokens a proxy on this machine brings nobody in', async () => {
  const { app } = consoleOver(known(), [], { trustedProxies: ['127.0.0.1'] });
  assert.equal((await app.inject('/api/alerts')).statusCode, 200);
  const headers = { 'x-forwarded-for': '198.51.100.9' };
  assert.equal((await app.inject({ url: '/api/alerts', headers })).statusCode, 403);
});

type Ask = (app: ReturnType<typeof guarded>['app'], token: string, address: string) => ReturnType<typeof login>;
const byLogin: Ask = (app, token, remoteAddress) => login(app, { payload: { token }, remoteAddress });
const byHeader: Ask = (app, token, remoteAddress) =>
  app.inject({ url: '/api/alerts', headers: { authorization: `Bearer ${token}` }, remoteAddress });

for (const [how, ask, welcome] of [
  ['at the log-in', byLogin, 201],
  ['by bearer token', byHeader, 200],
] as const)
  test(`whoever guesses tokens ${how} is stopped, told for how long, and holds up nobody else`, async () => {
    let now = 0;
    const { app } = consoleOver(known(), [], { tokens, now: () => now });
    const codes: number[] = [];
    for (let attempt = 0; attempt < 10; attempt++) {
      codes.push((await ask(app, `sw_${attempt}`, '192.0.2.7')).statusCode);
      assert.equal((await ask(app, made.admin.token, '192.0.2.8')).statusCode, welcome);
    }
    assert.deepEqual(new Set(codes), new Set([401]));
    now = 20_000;
    const last = await ask(app, made.admin.token, '192.0.2.7');
    assert.deepEqual([last.statusCode, last.json().error, last.headers['retry-after']], [429, 'too_many', '40']);
    // The other way is closed to them too.
    for (const other of [byLogin, byHeader])
      assert.equal((await other(app, made.admin.token, '192.0.2.7')).statusCode, 429);
    now = 60_000;
    assert.equal((await ask(app, made.admin.token, '192.0.2.7')).statusCode, welcome);
  });

test('the log says who was refused what and from where, and where a token is used from; no token is in it', async () => {
  let now = 0;
  const lines: string[] = [];
  const { app } = consoleOver(known(), lines, { tokens, now: () => now });
  const remoteAddress = '192.0.2.7';
  const ask = (url: string, role: Role) => app.inject({ url, headers: bearer(role), remoteAddress });
  await ask('/api/alerts/a_c_1', 'viewer');
  await ask('/api/alerts/a_c_1', 'viewer');
  now = 3_600_000;
  await ask('/api/audit?limit=7', 'viewer');
  await ask('/api/alerts?limit=0', 'viewer');
  await byHeader(app, 'sw_wrong', remoteAddress);
  await byLogin(app, 'sw_wrong', remoteAddress);
  await app.inject({ method: 'POST', url: '/api/session', headers: { origin: 'https://evil.example' }, remoteAddress });
  await Promise.all(Array.from({ length: 9 }, () => byLogin(app, 'sw_wrong', remoteAddress)));
  const said = lines.map((line): Record<string, unknown> => JSON.parse(line));
  const used = { name: 'the-viewer', role: 'viewer', address: remoteAddress };
  const refused = (level: number, status: number, route: string, method = 'GET', by?: string) => ({
    ...{ level, status, method, route, address: remoteAddress },
    ...(by === undefined ? {} : { by }),
  });
  assert.deepEqual(
    said.slice(0, 7).map(({ time, pid, hostname, msg, ...rest }) => rest),
    [
      { level: 30, ...used },
      { level: 30, ...used },
      refused(40, 403, '/api/audit', 'GET', 'the-viewer'),
      refused(30, 400, '/api/alerts', 'GET', 'the-viewer'),
      refused(40, 401, '/api/alerts'),
      refused(40, 401, '/api/session', 'POST'),
      refused(40, 403, '/api/session', 'POST'),
    ],
  );
  assert.equal(said.at(-1)?.['status'], 429);
  assert.ok(lines.every((line) => !line.includes('sw_')));
});

test('a right token costs nothing however often it comes, and an address of IPv6 is not another one next door', async () => {
  const { app } = guarded();
  for (let asked = 0; asked < 30; asked++)
    assert.equal((await byHeader(app, made.viewer.token, '2001:db8::1')).statusCode, 200);
  for (let attempt = 0; attempt < 10; attempt++) await byHeader(app, 'sw_wrong', `2001:db8::${attempt}`);
  assert.equal((await byHeader(app, made.viewer.token, '2001:db8::ff')).statusCode, 429);
  assert.equal((await byHeader(app, made.viewer.token, '2001:db8:0:1::1')).statusCode, 200);
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

test('a token is known by its hash alone, and a session ends after a shift, or an hour in which nobody asked anything', () => {
  const known = createTokens([made.viewer.entry]);
  assert.deepEqual(known.identify(made.viewer.token), { name: 'the-viewer', role: 'viewer' });
  assert.equal(known.identify(made.admin.token), null);
  assert.equal(known.identify(made.viewer.entry.split(':').at(-1) ?? ''), null);
  let now = 0;
  const sessions = createSessions(() => now);
  const logIn = (): string =>
    sessions.open({
      identity: { name: 'kim', role: 'viewer' },
      by: 'token',
      authenticated: 0,
      address: '',
      browser: '',
    });
  const whose = (id: string) => sessions.find(id, '')?.identity.name;
  const id = logIn();
  for (; now < SESSION_LIFETIME; now += SESSION_IDLE - 1) assert.equal(whose(id), 'kim');
  now = SESSION_LIFETIME;
  assert.equal(whose(id), undefined);
  const left = logIn();
  now += SESSION_IDLE;
  assert.equal(whose(left), undefined);
  now -= 1;
  assert.equal(whose(left), 'kim');
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

test('trusted proxies are addresses or networks, and everybody is none', () => {
  const load = (text: string) =>
    loadConfig({ flags: { 'console.trusted_proxies': text }, environment: {}, file: null }).config.console
      .trusted_proxies;
  assert.equal(load('10.0.0.7, 10.1.0.0/16,2001:db8::/32'), '10.0.0.7, 10.1.0.0/16,2001:db8::/32');
  for (const wrong of ['nginx', '10.0.0.0/33', '0.0.0.0/0'])
    assert.throws(() => load(wrong), /expected addresses or networks/, wrong);
});
