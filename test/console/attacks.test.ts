import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { makeToken } from '../../services/console/access/tokens.ts';
import { HEADERS } from '../../services/console/console.ts';
import { alertRow, answers, consoleOver, fakeClickHouse } from './canned.ts';
import { changes, fill, isApi, nameOf, routeTable, type TableRoute } from './route-table.ts';

const admin = makeToken('kim', 'admin');
const HOST = 'console.example';
const headers = { host: HOST, authorization: `Bearer ${admin.token}` };
const known = () => fakeClickHouse(answers({ alert: () => [alertRow()], list: () => [alertRow()] }));
const guarded = (clickhouse = known()) =>
  consoleOver(clickhouse, [], { tokens: [admin.entry], testKey: 'a-key-that-is-shared' });
const table: TableRoute[] = await routeTable(guarded().app);
const api = table.filter(isApi);
const changing = api.filter(changes);

test('the routes are those that the description lists, and the files of the page', async () => {
  const { app } = guarded();
  const { paths } = (await app.inject({ url: '/api/openapi.json', headers })).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  assert.deepEqual(api.map(nameOf).sort(), described.sort());
  const page = table.filter((route) => !isApi(route)).map(nameOf);
  const runbooks = page.filter((route) => /^GET \/runbooks\/[a-z-]+\.md$/.test(route));
  assert.ok(runbooks.length > 0);
  assert.deepEqual(
    page.filter((route) => !runbooks.includes(route)),
    ['GET /', 'GET /app.js', 'GET /app.css', 'GET /icon.svg'],
  );
});

test('whatever changes something says who may', () => {
  assert.ok(changing.length >= 7, `${changing.length} routes`);
  for (const route of changing) assert.ok(route.role !== undefined || route.isPublic, nameOf(route));
});

test('no route can be made to change something by a page from elsewhere', async () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `https://${HOST}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  const clickhouse = known();
  const { app } = guarded(clickhouse);
  for (const route of changing)
    for (const from of foreign) {
      const { statusCode } = await app.inject({
        method: route.method,
        url: fill(route, 'a_c_1'),
        headers: { ...headers, ...from },
        ...(route.body === null ? {} : { payload: {} }),
      });
      assert.equal(statusCode, 403, `${nameOf(route)} from ${JSON.stringify(from)}`);
      assert.deepEqual([clickhouse.asked, clickhouse.inserted], [[], []], nameOf(route));
    }
});

test('a form, which a browser sends without asking first, is not taken for JSON', async () => {
  const payload = '{"token":"x","mark":"true"}';
  const { app } = guarded();
  for (const route of changing.filter(({ body }) => body !== null))
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const { statusCode } = await app.inject({
        method: route.method,
        url: fill(route, 'a_c_1'),
        headers: { ...headers, 'content-type': type },
        payload,
      });
      assert.equal(statusCode, 415, `${nameOf(route)} with ${type}`);
    }
});

const INJECTIONS = [
  "' OR 1=1 --",
  "'; DROP TABLE alerts; --",
  "\\' UNION SELECT * FROM system.users --",
  '{id:String} FORMAT Values',
  '`; SELECT 1; `',
  "x' INTO OUTFILE '/tmp/x",
  '\0; SELECT 1',
];

/** Requests that put the text into each place that takes one, one at a time. */
function requestsWith(route: TableRoute, text: string): { where: string; url: string; payload?: object }[] {
  const plain = fill(route, 'a_c_1');
  const found: { where: string; url: string; payload?: object }[] = [];
  const withBody = (over: object) => (route.body === null ? {} : { payload: { ...bodyOf(route), ...over } });
  if (Object.keys(route.params).length > 0) found.push({ where: 'path', url: fill(route, text), ...withBody({}) });
  for (const name of Object.keys(route.querystring))
    found.push({ where: `?${name}`, url: `${plain}?${name}=${encodeURIComponent(text)}`, ...withBody({}) });
  for (const [name, { type }] of Object.entries(route.body ?? {}))
    found.push({ where: `body ${name}`, url: plain, ...withBody({ [name]: type === 'array' ? [text] : text }) });
  return found;
}

/** Something that the route takes. */
function bodyOf({ path }: TableRoute): object {
  if (path.endsWith('/marks')) return { mark: 'true', note: 'read it' };
  if (path.endsWith('/assignment')) return { assignee: 'kim' };
  if (path === '/api/acknowledgements') return { alert_ids: ['a_c_1'] };
  if (path === '/api/silences') return { target_type: 'alert', target_id: 'a_c_1', ends_at_ms: 2e12, reason: 'r' };
  return {};
}

test('no parameter of any route becomes part of a statement', async () => {
  let tried = 0;
  const clickhouse = known();
  const { app } = guarded(clickhouse);
  for (const text of INJECTIONS) {
    for (const route of api) {
      for (const { where, url, payload } of requestsWith(route, text)) {
        clickhouse.asked.length = 0;
        clickhouse.inserted.length = 0;
        const response = await app.inject({
          method: route.method,
          url,
          headers,
          ...(payload === undefined ? {} : { payload }),
        });
        const what = `${nameOf(route)} ${where} ${JSON.stringify(text)}: ${response.statusCode}`;
        assert.ok(response.statusCode < 500 && response.statusCode !== 403, what);
        for (const { sql } of clickhouse.asked) assert.ok(!sql.includes(text), what);
        for (const { table: name } of clickhouse.inserted) assert.match(name, /^[a-z_]+$/, what);
        tried++;
      }
    }
  }
  assert.ok(tried >= 150, `${tried} requests`);
});

test('a body that is too large is refused before it is read, on every route', async () => {
  const clickhouse = known();
  const { app } = guarded(clickhouse);
  for (const route of changing.filter(({ body }) => body !== null)) {
    const response = await app.inject({
      method: route.method,
      url: fill(route, 'a_c_1'),
      headers: { ...headers, 'content-type': 'application/json' },
      payload: JSON.stringify({ note: 'x'.repeat((route.bodyLimit ?? 10_000) + 1) }),
    });
    assert.equal(response.statusCode, 413, nameOf(route));
    assert.deepEqual([clickhouse.asked, clickhouse.inserted], [[], []], nameOf(route));
  }
});

test('every answer carries the security headers, whatever became of the request', async () => {
  const { app } = guarded();
  const asked: { method?: TableRoute['method']; url: string; headers?: Record<string, string> }[] = [
    ...table.flatMap((route) => [
      { method: route.method, url: fill(route, 'a_c_1') },
      { method: route.method, url: fill(route, 'a_c_1'), headers },
    ]),
    { url: '/nowhere', headers },
    { url: '/api/alerts', headers: { ...headers, origin: 'https://evil.example' } },
    { url: '/api/alerts/%E0%A4%A', headers },
  ];
  for (const request of asked) {
    const response = await app.inject(request);
    for (const name of Object.keys(HEADERS))
      assert.ok(name in response.headers, `${request.method ?? 'GET'} ${request.url}: ${response.statusCode} ${name}`);
    assert.ok(!Object.keys(response.headers).some((name) => name.startsWith('access-control-')), request.url);
  }
});

test('every answer says what it is made of, texts with their encoding', async () => {
  const { app } = guarded();
  for (const route of table) {
    const response = await app.inject({ method: route.method, url: fill(route, 'a_c_1'), headers });
    if (response.body === '') continue;
    const type = String(response.headers['content-type']);
    assert.match(
      type,
      /^(application\/json|text\/(html|css|javascript|plain)|image\/svg\+xml); charset=utf-8$/,
      nameOf(route),
    );
  }
});

test("where the host is the console's alone browsers are told to come over TLS only; for a host that it shares others decide", async () => {
  const told = async (publicUrl: string, url = '/') => {
    const { app } = consoleOver(known(), [], { tokens: [admin.entry], publicUrl });
    return (await app.inject(url)).headers['strict-transport-security'];
  };
  for (const url of ['/', '/api/alerts', '/nowhere', '/%E0%A4%A'])
    assert.equal(await told(`https://${HOST}`, url), 'max-age=31536000; includeSubDomains', url);
  for (const shared of ['', `http://${HOST}`, `https://${HOST}/stillwatch`, `https://${HOST}:8443`])
    assert.equal(await told(shared), undefined, shared);
});

/** A console on a socket, with little patience. */
async function listening(t: { after(close: () => Promise<void>): void }): Promise<{ port: number; open(): Socket }> {
  const site = consoleOver(known(), [], { tokens: [admin.entry], patience: { headers: 300, request: 600, check: 50 } });
  const { url } = await site.listen();
  t.after(() => site.close());
  const port = Number(new URL(url).port);
  return { port, open: () => connect(port, '127.0.0.1').on('error', () => {}) };
}

/** What had come when the connection closed: being cut off is an error of the socket's own, and expected. */
function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part) => {
    text += part.toString();
  });
  return new Promise((resolve) => socket.once('close', () => resolve(text)));
}

test('whoever sends a header or a body by drops is cut off, and others are answered meanwhile', async (t) => {
  const { port, open } = await listening(t);
  const slow = Array.from({ length: 50 }, (_, i) => {
    const socket = open();
    socket.write(`GET /api/alerts HTTP/1.1\r\nHost: ${HOST}\r\nX-${i}: `);
    const drops = setInterval(() => socket.write('x'), 50);
    return answerOf(socket).finally(() => clearInterval(drops));
  });
  const body = open();
  body.write(
    `POST /api/session HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{`,
  );
  const drops = setInterval(() => body.write(' '), 50);
  const half = answerOf(body).finally(() => clearInterval(drops));
  const answered = await fetch(`http://127.0.0.1:${port}/api/alerts`, {
    headers: { authorization: headers.authorization },
  });
  assert.equal(answered.status, 200);
  for (const answer of await Promise.all([...slow, half])) assert.match(answer, /^(HTTP\/1\.1 408|$)/);
});

test('no path, however it is written, reaches a file; no header is too long to be refused', async (t) => {
  const { open } = await listening(t);
  const ask = async (target: string, more = ''): Promise<string> => {
    const socket = open();
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${HOST}\r\n${more}Connection: close\r\n\r\n`);
    return (await answerOf(socket)).split('\r\n', 1)[0] ?? '';
  };
  for (const target of [
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..\\..\\etc\\passwd',
    '/app.js/../../console.ts',
    '/app.js%00.ts',
    '//etc/passwd',
    'file:///etc/passwd',
  ])
    assert.match(await ask(target), / (400|404) /, target);
  assert.match(await ask('/', `X-Long: ${'x'.repeat(20_000)}\r\n`), / 431 /);
});

test('a request whose end can be told in two ways is no request, and nothing is echoed', async (t) => {
  const { open } = await listening(t);
  const ask = async (text: string): Promise<string> => {
    const socket = open();
    socket.write(text);
    return await answerOf(socket);
  };
  const head = (...more: string[]): string =>
    ['POST /api/session HTTP/1.1', `Host: ${HOST}`, 'Content-Type: application/json', ...more, '', ''].join('\r\n');
  const smuggled = '0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const more of [
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['Content-Length: 5', 'Content-Length: 6'],
    ['Transfer-Encoding: chunked, identity'],
    ['Transfer-Encoding : chunked'],
  ]) {
    const answer = await ask(head(...more) + smuggled);
    assert.match(answer, /^HTTP\/1\.1 400 /, more.join());
    assert.equal(answer.split('HTTP/1.1 ').length, 2, more.join());
  }
  const traced = await ask(`TRACE / HTTP/1.1\r\nHost: ${HOST}\r\nX-Echo: me\r\nConnection: close\r\n\r\n`);
  assert.match(traced, /^HTTP\/1\.1 40[045] /);
  assert.doesNotMatch(traced, /X-Echo/i);
});
