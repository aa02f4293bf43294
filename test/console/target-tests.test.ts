import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { makeToken } from '../../services/console/access/tokens.ts';
import { TEST_PATH } from '../../services/notify/test-request.ts';
import { type HealthAction, startHealthServer } from '../../services/platform/health.ts';
import { isSigned } from '../../services/platform/signature.ts';
import { answers, consoleOver, fakeClickHouse, START } from './canned.ts';

const KEY = 'a-key-that-is-shared';
const admin = makeToken('ada', 'admin');
const responder = makeToken('kim', 'responder');
const taken = { type: 'stillwatch.alert.opened', is_taken: true, outcome: 'HTTP 202', answer: 'ok' };

/** A console over a notify that does this when it is asked to test. */
async function asking(t: TestContext, action: HealthAction, testKey = KEY) {
  const server = { host: '127.0.0.1', port: 0, ready: {}, metrics: async () => '' };
  const notify = await startHealthServer({
    ...server,
    status: () => ({ notify: [], targets: ['oncall'] }),
    actions: { [TEST_PATH]: action },
  });
  const clickhouse = fakeClickHouse(answers({}));
  const { app, close } = consoleOver(clickhouse, [], {
    tokens: [admin.entry, responder.entry],
    services: ['links=http://127.0.0.1:1', `notify=${notify.url}`],
    testKey,
  });
  t.after(async () => {
    await close();
    await notify.close();
  });
  return {
    clickhouse,
    async test(target: string, { token } = admin) {
      const response = await app.inject({
        method: 'POST',
        url: `/api/targets/${target}/test`,
        headers: { host: 'localhost', authorization: `Bearer ${token}` },
        payload: {},
      });
      return { code: response.statusCode, answer: response.json() };
    },
  };
}

test('an admin has notify test a target: signed, written down before, and what it answered is shown', async (t) => {
  const asked: { body: string; isSigned: boolean }[] = [];
  const { test: tried, clickhouse } = await asking(t, async ({ headers, body }) => {
    const signature = String(headers['stillwatch-signature']);
    asked.push({ body, isSigned: isSigned(body, KEY, signature, START) });
    return { code: 200, body: { sent: [taken], secret: 'not shown' } };
  });
  assert.deepEqual(await tried('oncall'), { code: 200, answer: { sent: [taken] } });
  assert.deepEqual(asked, [{ body: '{"target":"oncall"}', isSigned: true }]);
  const written = clickhouse.inserted.map(({ table, rows }) => [table, rows[0]?.['author'], rows[0]?.['action']]);
  assert.deepEqual(written, [['audit_log', 'ada', 'test target']]);
});

test('a responder does not, nor anybody for a target that no notify has', async (t) => {
  const asked: string[] = [];
  const { test: tried } = await asking(t, async ({ body }) => {
    asked.push(body);
    return { code: 200, body: { sent: [] } };
  });
  assert.equal((await tried('oncall', responder)).code, 403);
  assert.equal((await tried('other')).code, 404);
  assert.deepEqual(asked, []);
});

test('without a key it is not even asked for; what notify refuses is said, and what to do', async (t) => {
  const none = await asking(t, async () => ({ code: 200, body: { sent: [] } }), '');
  const refused = await none.test('oncall');
  assert.deepEqual([refused.code, none.clickhouse.inserted], [403, []]);
  assert.match(refused.answer.hint, /notify\.test_key/);
  for (const [said, code, error] of [
    [429, 429, 'too_many'],
    [401, 503, 'unavailable'],
    [404, 503, 'unavailable'],
    [500, 503, 'unavailable'],
  ] as const) {
    const { test: tried } = await asking(t, async () => ({ code: said, body: {} }));
    const { answer, ...rest } = await tried('oncall');
    assert.deepEqual([rest.code, answer.error], [code, error], String(said));
  }
});
