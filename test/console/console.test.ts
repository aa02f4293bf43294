import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { createConsole } from '../../services/console/console.ts';
import { alertRow, answers, consoleOver, fakeClickHouse, HOSTILE, windowRow } from './canned.ts';

const nothing = () => fakeClickHouse(() => []);

test('the list asks for the latest revisions, with its filters as parameters', async () => {
  const clickhouse = fakeClickHouse(answers({ list: () => [alertRow()] }));
  const { app } = consoleOver(clickhouse);
  const response = await app.inject('/api/alerts?status=open&severity=page&limit=20');
  assert.equal(response.statusCode, 200);
  assert.equal(response.json().alerts[0].alert_id, 'a_c_1');
  assert.equal(response.json().next, null);
  const [asked] = clickhouse.asked;
  assert.deepEqual(asked?.parameters, {
    status: 'open',
    severity: 'page',
    verdict: '',
    handling: '',
    text: '',
    is_first: 1,
    before_time: 0,
    before_id: '',
    limit: 21,
  });
  assert.match(asked?.sql ?? '', /FINAL ORDER BY alert_id, revision DESC LIMIT 1 BY alert_id/);
  // The number of alerts comes with them.
  assert.equal(clickhouse.asked.length, 1);
  assert.deepEqual(response.json().counts, { open: 1, resolved: 0 });
});

test('pages follow one another by time and id, and the last one says so', async () => {
  const rows = [3, 2, 1].map((n) => alertRow({ alert_id: `a~${n}`, updated_at_ms: 1_776_816_000_000 }));
  const clickhouse = fakeClickHouse(
    answers({
      list({ is_first, before_id, limit }) {
        const after = is_first === 1 ? 0 : rows.findIndex((row) => row['alert_id'] === before_id) + 1;
        return rows.slice(after, after + Number(limit));
      },
    }),
  );
  const { app } = consoleOver(clickhouse);
  const first = (await app.inject('/api/alerts?limit=2')).json();
  assert.equal(first.alerts.length, 2);
  assert.equal(first.next, '1776816000000~a~2');
  const second = (await app.inject(`/api/alerts?limit=2&before=${encodeURIComponent(first.next)}`)).json();
  assert.deepEqual([second.alerts.length, second.alerts[0].alert_id, second.next], [1, 'a~1', null]);
  assert.equal(clickhouse.asked[1]?.parameters['before_time'], 1_776_816_000_000);
});

test('a page that is exactly full is the last one when nothing follows', async () => {
  const { app } = consoleOver(fakeClickHouse(answers({ list: () => [alertRow(), alertRow({ alert_id: 'a_2' })] })));
  assert.equal((await app.inject('/api/alerts?limit=2')).json().next, null);
});

test('an alert comes whole, with its revisions and the hours of its subject', async () => {
  const clickhouse = fakeClickHouse(
    answers({ alert: () => [alertRow()], timeline: [alertRow(), alertRow({ revision: 1 })], windows: [windowRow()] }),
  );
  const { app } = consoleOver(clickhouse);
  const alert = (await app.inject('/api/alerts/a_c_1')).json();
  const [feature] = alert.signatures[0].features;
  assert.equal(feature.name, 'enumerated_share');
  assert.deepEqual([feature.threshold_full, feature.baseline_quantiles], [0.5, [0, 0, 0.01, 0.04, 0.12, 0.31]]);
  assert.equal(alert.linking_evidence[1].attribute, HOSTILE);
  assert.deepEqual(
    alert.timeline.map(({ revision }: { revision: number }) => revision),
    [2, 1],
  );
  assert.equal(alert.windows[0].calls, 812);
  assert.deepEqual(
    clickhouse.asked.slice(0, 3).map(({ parameters }) => parameters),
    [{ id: 'a_c_1' }, { id: 'a_c_1' }, { id: 'c_1' }],
  );
  assert.match(alert.figures_query, /FROM stillwatch\.alerts FINAL WHERE alert_id = 'a_c_1' AND revision = 2\)$/);
  assert.equal(alert.formulas.enumerated_share.startsWith('calls of templates'), true);
  assert.match(alert.exception, /^- kind: cluster\n {2}value: c_1\n/);
});

test('an alert comes with what targets took of it, and what they did not', async () => {
  const taken = { target: 'chat', revision: 2, attempts: 3, http_status: 202, delivered_at_ms: 1_776_816_001_000 };
  const not = { target: 'oncall', revision: 2, reason: 'HTTP 401', attempts: 1, emitted_at_ms: 1_776_816_000_000 };
  const known = answers({ alert: () => [alertRow()] });
  const clickhouse = fakeClickHouse((asked) => {
    if (asked.sql.includes('.deliveries')) return [taken];
    return asked.sql.includes('.undelivered') ? [not] : known(asked);
  });
  const { delivered, undelivered } = (await consoleOver(clickhouse).app.inject('/api/alerts/a_c_1')).json();
  assert.deepEqual([delivered, undelivered], [[taken], [not]]);
  for (const table of ['.deliveries', '.undelivered'])
    assert.deepEqual(clickhouse.asked.find(({ sql }) => sql.includes(table))?.parameters, { id: 'a_c_1' });
});

test('an alert of an earlier version is shown without what it did not say', async () => {
  const features = [
    { name: 'calls', value: 9, unit: 'calls', baseline_percentile: 95, threshold: 4, contribution: 0.2 },
  ];
  const signatures = JSON.stringify([{ name: 'template-enumeration', version: 1, score: 0.2, features }]);
  const { app } = consoleOver(fakeClickHouse(answers({ alert: () => [alertRow({ signatures })] })));
  const [shown] = (await app.inject('/api/alerts/a_c_1')).json().signatures[0].features;
  assert.deepEqual(shown, { ...features[0], threshold_full: null, baseline_quantiles: [] });
});

test('the exception of a part of a cluster names the cluster: that is what the rules go by', async () => {
  const part = fakeClickHouse(answers({ alert: () => [alertRow({ subject_id: 'c_1~product' })] }));
  const { exception } = (await consoleOver(part).app.inject('/api/alerts/a_c_1')).json();
  assert.match(exception, /^- kind: cluster\n {2}value: c_1\n/);
});

test('every question of every route is bounded in time and rows', async () => {
  const clickhouse = fakeClickHouse(answers({ alert: () => [alertRow()] }));
  const { app } = consoleOver(clickhouse);
  await app.ready();
  const { paths } = (await app.inject('/api/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>();
  for (const [path, methods] of Object.entries(paths)) {
    const url = path.replaceAll(/\{\w+\}/g, 'a_c_1');
    if ('get' in methods) await app.inject(url);
  }
  await app.inject('/api/trends?subject_id=c_1');
  assert.ok(clickhouse.asked.length >= 20, `${clickhouse.asked.length} questions`);
  for (const { sql } of clickhouse.asked)
    assert.match(
      sql,
      /LIMIT (\d+|\{limit:UInt32\})\s+SETTINGS max_execution_time = \d+, output_format_json_quote_64bit_integers = 0$/,
    );
});

test('an id with quotes and comments stays a parameter', async () => {
  const clickhouse = nothing();
  const id = "'; DROP TABLE alerts; --";
  const response = await consoleOver(clickhouse).app.inject(`/api/alerts/${encodeURIComponent(id)}`);
  assert.equal(response.statusCode, 404);
  assert.deepEqual(clickhouse.asked[0]?.parameters, { id });
  assert.doesNotMatch(clickhouse.asked[0]?.sql ?? '', /DROP/);
});

for (const bad of [
  '/api/alerts?status=closed',
  '/api/alerts?severity=critical',
  '/api/alerts?limit=0',
  '/api/alerts?limit=201',
  '/api/alerts?limit=ten',
  '/api/alerts?before=yesterday',
  '/api/alerts?before=1776816000000~',
  '/api/alerts?before=99999999999999999999~a',
  '/api/alerts?status=open&status=resolved',
  '/api/alerts?stauts=open',
  '/api/alerts/a?revision=1',
  '/api/alerts?handling=done',
  '/api/audit?limit=501',
  `/api/alerts/${'a'.repeat(301)}`,
  '/api/alerts/%E0%A4%A',
])
  test(`${bad.slice(0, 60)} is a bad request: what, where and what to do, and the database is not asked`, async () => {
    const clickhouse = nothing();
    const response = await consoleOver(clickhouse).app.inject(bad);
    assert.equal(response.statusCode, 400);
    const { error, what, where, hint } = response.json();
    assert.equal(error, 'bad_request');
    assert.ok(what !== '' && where.startsWith('GET /api/a') && hint.length > 0);
    assert.equal(clickhouse.asked.length, 0);
  });

test('an alert that is not there is a 404 that says where they are', async () => {
  const response = await consoleOver(nothing()).app.inject('/api/alerts/a_9');
  assert.equal(response.statusCode, 404);
  assert.equal(response.json().hint, 'GET /api/alerts lists them');
});

test('when the database does not answer, the log says why and the answer does not', async () => {
  const lines: string[] = [];
  const clickhouse = fakeClickHouse(() => {
    throw new Error('connect ECONNREFUSED 10.0.0.1');
  });
  const { app } = consoleOver(clickhouse, lines);
  for (const path of ['/api/alerts', '/api/alerts/a_1', '/api/health']) {
    const response = await app.inject(path);
    assert.equal(response.statusCode, 503, path);
    assert.equal(response.json().error, 'unavailable');
    assert.doesNotMatch(response.body, /ECONNREFUSED/);
  }
  assert.equal(lines.filter((line) => line.includes('ECONNREFUSED')).length, 3);
});

test('a mistake of our own is called one, and why is in the log', async () => {
  const lines: string[] = [];
  const broken = fakeClickHouse(answers({ alert: () => [alertRow({ signatures: 'not JSON' })] }));
  const response = await consoleOver(broken, lines).app.inject('/api/alerts/a_c_1');
  assert.deepEqual([response.statusCode, response.json().error], [500, 'internal']);
  assert.doesNotMatch(response.body, /JSON/);
  assert.equal(lines.filter((line) => line.includes('not JSON') || line.includes('is not valid JSON')).length, 1);
});

test('a request that is not understood is told what its own route takes', async () => {
  const { app } = consoleOver(nothing());
  const hint = async (method: 'GET' | 'POST', url: string) =>
    (await app.inject({ method, url, ...(method === 'POST' ? { payload: {} } : {}) })).json().hint;
  assert.match(await hint('GET', '/api/alerts?limit=0'), /^GET \/api\/alerts takes status/);
  assert.match(await hint('POST', '/api/alerts/a_1/marks'), /^send {"mark"/);
  assert.match(await hint('POST', '/api/alerts/a_1/assignment'), /^GET \/api\/openapi.json describes/);
});

test('where there is nothing, there is nothing for any method; what a path does not take says what it takes', async () => {
  const { app } = consoleOver(nothing());
  for (const method of ['GET', 'POST', 'DELETE'] as const)
    for (const url of ['/api/alarms', '/nowhere', '/api/alerts/a_1/notes', '/api/openapi_json']) {
      const response = await app.inject({ method, url });
      assert.deepEqual([response.statusCode, response.json().error], [404, 'not_found'], `${method} ${url}`);
    }
  const wrong = await app.inject({ method: 'GET', url: '/api/acknowledgements?x=1' });
  assert.deepEqual([wrong.statusCode, wrong.headers['allow'], wrong.json().hint], [405, 'POST', 'it takes POST']);
});

test('health is good when the alerts can be read', async () => {
  const response = await consoleOver(nothing()).app.inject('/api/health');
  assert.deepEqual([response.statusCode, response.json()], [200, { ok: true }]);
});

for (const path of ['/', '/app.js', '/app.css', '/api/alerts', '/api/alerts?limit=0', '/api/alerts/a_9', '/nowhere'])
  test(`${path} carries the security headers`, async () => {
    const { headers } = await consoleOver(nothing()).app.inject(path);
    assert.match(String(headers['content-security-policy']), /^default-src 'self';/);
    assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  });

for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
  test(`${method} changes nothing of an alert`, async () => {
    const clickhouse = nothing();
    const response = await consoleOver(clickhouse).app.inject({ method, url: '/api/alerts/a_1' });
    assert.equal(response.headers['allow'], 'GET, HEAD');
    assert.deepEqual([response.statusCode, response.json().error], [405, 'wrong_method']);
    assert.equal(clickhouse.asked.length, 0);
  });

for (const path of ['/../console.ts', '/%2e%2e/console.ts', '/main.tsx', '/..%2fconsole.ts'])
  test(`${path} is not a file of the page`, async () => {
    assert.equal((await consoleOver(nothing()).app.inject(path)).statusCode, 404);
  });

test('the page holds nothing inline and asks nobody else', async () => {
  const { body } = await consoleOver(nothing()).app.inject('/');
  assert.match(body, /<script type="module" src="app\.js">/);
  assert.doesNotMatch(body, /<script(?![^>]*\ssrc=")|<style|\son\w+=|https?:/i);
});

test('runbooks are served as they are written, each under its name, and nothing beside them', async () => {
  const { app } = consoleOver(nothing());
  const { statusCode, headers, body } = await app.inject('/runbooks/harvesting.md');
  assert.deepEqual([statusCode, headers['content-type']], [200, 'text/plain; charset=utf-8']);
  assert.match(body, /^# harvesting\n/);
  for (const path of ['/runbooks/', '/runbooks/../rules/stillwatch.yaml', '/runbooks/%2e%2e%2foperations.md'])
    assert.equal((await app.inject(path)).statusCode, 404, path);
});

test('it listens on the loopback, and a taken port is said with what to do', async (t) => {
  const first = consoleOver(nothing());
  const { url } = await first.listen();
  t.after(() => first.close());
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const second = createConsole({
    clickhouse: nothing(),
    database: 'stillwatch',
    log: pino({ level: 'silent' }),
    now: Date.now,
    port: Number(new URL(url).port),
    requestsPerMinute: 1_000_000,
  });
  t.after(() => second.close());
  await assert.rejects(second.listen(), { code: 'PORT_TAKEN', message: /console\.port/ });
});
