import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { makeToken } from '../../services/console/access/tokens.ts';
import type { Console } from '../../services/console/console.ts';
import type { SessionList } from '../../services/console/schemas/access.ts';
import { startAnsweringService } from './answering-service.ts';
import { publishedRules } from './published-rules.ts';
import { isApi, nameOf, routeTable, type TableRoute } from './route-table.ts';
import { CAMPAIGN, CLUSTER, startSeededTables } from './seeded.ts';

const admin = makeToken('ada', 'admin');
const headers = { authorization: `Bearer ${admin.token}` };

let tables: Awaited<ReturnType<typeof startSeededTables>>;
let service: Awaited<ReturnType<typeof startAnsweringService>>;
let server: Console;
let routes: TableRoute[];
/** What the route itself gave, before it was made into text. */
let given: unknown;

before(async () => {
  tables = await startSeededTables();
  service = await startAnsweringService();
  server = tables.console({
    tokens: [admin.entry],
    services: [`calls=${service.url}`, 'links=http://127.0.0.1:1'],
    ruleVersions: async () => publishedRules(),
    testKey: 'a-key-that-is-shared',
    requeue: async () => ({ requeued: 1, already: 2, internal: 0, missing: ['dl_1'] }),
  });
  server.app.addHook('preSerialization', async (_, __, payload) => {
    given = payload;
    return payload;
  });
  // The protocol of assistants describes itself: mcp.test.ts.
  routes = (await routeTable(server.app)).filter(isApi).filter(({ path }) => path !== '/api/mcp');
});
after(async () => {
  await server?.close();
  await service?.close();
  await tables?.stop();
});

const ALERT = `/api/alerts/${CAMPAIGN}`;

/** Each of them answered well. What is read comes after what is done, so that there is something of everything. */
const REQUESTS: [route: string, url: string, payload?: object | undefined][] = [
  ['POST /api/session', '/api/session', { token: admin.token }],
  ['POST /api/acknowledgements', '/api/acknowledgements', { filter: { status: 'open' } }],
  ['POST /api/alerts/:alert_id/assignment', `${ALERT}/assignment`, { assignee: 'lee', note: 'shift change' }],
  ['POST /api/alerts/:alert_id/marks', `${ALERT}/marks`, { mark: 'true', note: 'read three calls' }],
  [
    'POST /api/silences',
    '/api/silences',
    { target_type: 'cluster', target_id: CLUSTER, ends_at_ms: Date.now() + 3_600_000, reason: 'being limited' },
  ],
  ['POST /api/dead-letters/requeue', '/api/dead-letters/requeue', { topic: 'llm.api-calls', reason: 'not_avro' }],
  ['POST /api/targets/:target/test', '/api/targets/siem/test', {}],
  ['GET /api/session', '/api/session'],
  ['GET /api/sessions', '/api/sessions'],
  ['GET /api/alerts', '/api/alerts?limit=5'],
  ['GET /api/trends', `/api/trends?subject_id=${CLUSTER}`],
  ['GET /api/alerts/:alert_id', ALERT],
  ['GET /api/alerts/:alert_id/case', `${ALERT}/case`],
  ['GET /api/alerts/:alert_id/marks', `${ALERT}/marks`],
  ['GET /api/silences', '/api/silences'],
  ['GET /api/accounts/:account_id', '/api/accounts/acct_00001'],
  ['GET /api/clusters/:cluster_id', `/api/clusters/${CLUSTER}`],
  ['GET /api/rules', '/api/rules'],
  ['GET /api/exceptions/preview', `/api/exceptions/preview?kind=cluster&value=${CLUSTER}`],
  ['GET /api/pipeline', '/api/pipeline'],
  ['GET /api/audit', '/api/audit'],
  ['GET /api/health', '/api/health'],
  ['GET /api/openapi.json', '/api/openapi.json'],
  ['POST /api/silences/:silence_id/end', '/api/silences/{silence}/end', {}],
  ['DELETE /api/sessions/:session_id', '/api/sessions/{session}'],
  ['DELETE /api/sessions', '/api/sessions'],
  ['DELETE /api/people/:name/sessions', '/api/people/ada/sessions'],
  ['DELETE /api/session', '/api/session'],
];

/** What a route says of its answers of this code, as a schema that takes nothing else. */
function schemaOf(name: string, code: number): z.ZodType {
  const { answers } = routes.find((route) => nameOf(route) === name) ?? {};
  const described = answers?.[String(code)] ?? answers?.[`${String(code)[0]}xx`];
  assert.ok(described !== undefined, `${name} describes no ${code}`);
  return z.fromJSONSchema(described);
}

async function answerTo([name, url, payload]: (typeof REQUESTS)[number]): Promise<{ code: number; answer: unknown }> {
  const [method] = name.split(' ') as [TableRoute['method']];
  given = undefined;
  const response = await server.app.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { code: response.statusCode, answer: response.json() };
}

test('every route answers as it says, and nothing of what it gives is lost or changed on the way', async () => {
  assert.deepEqual(REQUESTS.map(([name]) => name).sort(), routes.map(nameOf).sort());
  let silence = '';
  let session = '';
  for (const [name, url, payload] of REQUESTS) {
    const { code, answer } = await answerTo([
      name,
      url.replace('{silence}', silence).replace('{session}', session),
      payload,
    ]);
    assert.ok(code < 300, `${name}: ${code} ${JSON.stringify(answer)}`);
    const checked = schemaOf(name, code).safeParse(answer);
    assert.ok(checked.success, `${name}: ${checked.error?.message}`);
    // The case is made into text by its route.
    if (given !== undefined) assert.deepEqual(answer, JSON.parse(JSON.stringify(given)), name);
    else assert.equal(name, 'GET /api/alerts/:alert_id/case');
    if (name === 'GET /api/sessions') session = (answer as SessionList).sessions[0]?.session_id ?? '';
    if (name === 'POST /api/silences') silence = (answer as { silence_id: string }).silence_id;
  }
});

test('no answer is empty of what it could say, or its schema would be held against nothing', async () => {
  const emptyOf = (value: unknown, path: string): string[] => {
    if (Array.isArray(value)) return value.length === 0 ? [path] : value.flatMap((item) => emptyOf(item, `${path}[]`));
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) => emptyOf(item, `${path}.${key}`));
  };
  // Those of the test before are ended by it.
  await answerTo(['POST /api/session', '/api/session', { token: admin.token }]);
  for (const request of REQUESTS) {
    if (!request[0].startsWith('GET') || request[0].endsWith('openapi.json')) continue;
    const { answer } = await answerTo(request);
    const whole = emptyOf(answer, '').filter((path) => !MAY_BE_EMPTY.includes(path));
    assert.deepEqual(whole, [], request[0]);
  }
});
/** Of some of several; a service that does not answer has none of it. */
const MAY_BE_EMPTY = [
  '.alerts[].signatures',
  '.signatures[].features[].baseline_quantiles',
  '.services[].tasks',
  '.services[].lanes',
  '.services[].targets',
  '.services[].metrics',
  '.versions[].allow',
  '.joins.groups[].attributes',
  '.assignments[].evidence',
  '.memberships',
  '.precision',
];

test('what goes wrong is described too', async () => {
  const wrong: (typeof REQUESTS)[number][] = [
    ['GET /api/alerts', '/api/alerts?limit=0'],
    ['GET /api/alerts/:alert_id', '/api/alerts/a_nowhere'],
    ['POST /api/alerts/:alert_id/marks', `${ALERT}/marks`, { mark: 'maybe' }],
    ['POST /api/silences/:silence_id/end', '/api/silences/nowhere/end', {}],
  ];
  for (const request of wrong) {
    const { code, answer } = await answerTo(request);
    assert.ok(code >= 400 && code < 500, request[0]);
    schemaOf(request[0], code).parse(answer);
  }
});
