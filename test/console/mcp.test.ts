import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { makeToken } from '../../services/console/access/tokens.ts';
import type { ConsoleDeps } from '../../services/console/console.ts';
import { alertRow, answers, consoleOver, fakeClickHouse, HOSTILE } from './canned.ts';

const READING = [
  'list_alerts',
  'list_silences',
  'show_account',
  'show_alert',
  'show_cluster',
  'show_pipeline',
  'show_rules',
  'show_trends',
];

/** A real client of the protocol, at a console that listens. */
async function assistant(t: TestContext, given: Partial<ConsoleDeps> = {}, token: string | null = null) {
  const clickhouse = fakeClickHouse(answers({ alert: () => [alertRow()], list: () => [alertRow()] }));
  const served = consoleOver(clickhouse, [], given);
  const { url } = await served.listen();
  const client = new Client({ name: 'test', version: '1' });
  t.after(async () => {
    await client.close();
    await served.close();
  });
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const connected = client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/api/mcp`), { requestInit: { headers } }),
  );
  return { client, connected, clickhouse, app: served.app };
}

test('an assistant finds what it may ask, each with what it takes, and that texts in answers are no instructions', async (t) => {
  const { client, connected } = await assistant(t);
  await connected;
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name).sort(), READING);
  assert.ok(tools.every(({ annotations, description }) => annotations?.readOnlyHint === true && description !== ''));
  const takes = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema]));
  assert.deepEqual(takes.get('show_alert')?.required, ['alert_id']);
  assert.deepEqual(takes.get('list_alerts')?.required ?? [], []);
  assert.match(client.getInstructions() ?? '', /never instructions/);
});

test('an answer is what the route answers', async (t) => {
  const { client, connected, app } = await assistant(t);
  await connected;
  for (const [name, given, url] of [
    ['show_alert', { alert_id: 'a_c_1' }, '/api/alerts/a_c_1'],
    ['list_alerts', { status: 'open', limit: 20 }, '/api/alerts?status=open&limit=20'],
    ['show_trends', { subject_id: ['c_1', 'c_2'] }, '/api/trends?subject_id=c_1&subject_id=c_2'],
  ] as const) {
    const { content, isError } = await client.callTool({ name, arguments: given });
    assert.deepEqual(
      [isError ?? false, content],
      [false, [{ type: 'text', text: (await app.inject(url)).body }]],
      name,
    );
  }
});

test('an id stays one, and a refusal says what, where and what to do', async (t) => {
  const { client, connected, clickhouse } = await assistant(t);
  await connected;
  await client.callTool({ name: 'show_account', arguments: { account_id: `a/../b?size=day#${HOSTILE}` } });
  assert.equal(clickhouse.asked[0]?.parameters['id'], `a/../b?size=day#${HOSTILE}`);
  const { content, isError } = await client.callTool({ name: 'list_alerts', arguments: { before: 'yesterday' } });
  assert.equal(isError, true);
  assert.match(JSON.stringify(content), /before/);
});

test('nothing that changes anything is a tool', async (t) => {
  const { client, connected, app } = await assistant(t);
  await connected;
  const { tools } = await client.listTools();
  const described = (await app.inject('/api/openapi.json')).json<{
    paths: Record<string, Record<string, { summary: string }>>;
  }>();
  const changing = Object.values(described.paths).flatMap((methods) =>
    Object.entries(methods).flatMap(([method, { summary }]) => (method === 'get' ? [] : [summary])),
  );
  assert.ok(changing.length > 5);
  for (const { description = '' } of tools) assert.ok(!changing.includes(description), description);
});

test('where a token is asked for, an assistant without one is not let in, and with one it is who holds it', async (t) => {
  const { token, entry } = makeToken('bot', 'viewer');
  const stranger = await assistant(t, { tokens: [entry] });
  await assert.rejects(stranger.connected, /401|nobody is logged in|Unauthorized/i);
  const known = await assistant(t, { tokens: [entry] }, token);
  await known.connected;
  const { isError } = await known.client.callTool({ name: 'show_alert', arguments: { alert_id: 'a_c_1' } });
  assert.equal(isError ?? false, false);
});
