import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertRow, consoleOver, fakeClickHouse, START } from './canned.ts';

const known = () => fakeClickHouse(({ parameters }) => (parameters['id'] === 'a_9' ? [] : [alertRow()]));
const HOST = '127.0.0.1:8080';
const MARK = { mark: 'false', by: 'kim', note: 'their evaluation' };

function post(
  clickhouse: ReturnType<typeof known>,
  over: { url?: string; headers?: Record<string, string>; payload?: object | string; remoteAddress?: string } = {},
) {
  const { headers, ...rest } = over;
  return consoleOver(clickhouse).app.inject({
    method: 'POST',
    url: '/api/alerts/a_c_1/marks',
    headers: { host: HOST, 'content-type': 'application/json', ...headers },
    payload: MARK,
    ...rest,
  });
}

test('a mark is stored with who made it and when', async () => {
  const clickhouse = known();
  const response = await post(clickhouse);
  assert.deepEqual([response.statusCode, response.json()], [201, { marked_at_ms: START }]);
  const [audited, ...inserted] = clickhouse.inserted;
  assert.deepEqual(
    [audited?.table, audited?.rows[0]?.['author'], audited?.rows[0]?.['action']],
    ['audit_log', 'kim', 'mark alert'],
  );
  assert.deepEqual(inserted, [
    {
      table: 'alert_marks',
      rows: [
        {
          alert_id: 'a_c_1',
          marked_at: new Date(START).toISOString().replace('T', ' ').replace('Z', ''),
          mark: 'false',
          duplicate_of: '',
          marked_by: 'kim',
          note: 'their evaluation',
        },
      ],
    },
  ]);
});

test('the page itself may mark: it is of the same origin', async () => {
  const response = await post(known(), { headers: { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' } });
  assert.equal(response.statusCode, 201);
});

for (const [what, over, status] of [
  ['another machine', { remoteAddress: '192.0.2.7' }, 403],
  ['a page from elsewhere', { headers: { origin: 'https://evil.example' } }, 403],
  ['a page from elsewhere whose browser hides its origin', { headers: { origin: 'null' } }, 403],
  ['a request that its browser calls cross-site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
  ['a name that resolves to this machine (DNS rebinding)', { headers: { host: 'evil.example:8080' } }, 403],
  [
    'a form, which another page may send unasked',
    { headers: { 'content-type': 'text/plain' }, payload: JSON.stringify(MARK) },
    415,
  ],
  ['a mark that there is not', { payload: { ...MARK, mark: 'maybe' } }, 400],
  ['nobody', { payload: { mark: 'true', note: 'read it' } }, 400],
  ['a mark that does not say why', { payload: { mark: 'true', by: 'kim' } }, 400],
  ['a mark whose reason is blank', { payload: { ...MARK, note: ' ' } }, 400],
  ['a misspelt field', { payload: { ...MARK, nota: '' } }, 400],
  ['a duplicate of nothing', { payload: { ...MARK, mark: 'duplicate' } }, 400],
  ['an alert that repeats itself', { payload: { ...MARK, mark: 'duplicate', duplicate_of: 'a_c_1' } }, 400],
  ['an alert that is not there', { url: '/api/alerts/a_9/marks' }, 404],
  ['a duplicate of an alert that is not there', { payload: { ...MARK, mark: 'duplicate', duplicate_of: 'a_9' } }, 404],
] as const)
  test(`${what} stores nothing, and is told what to do`, async () => {
    const clickhouse = known();
    const response = await post(clickhouse, over);
    assert.equal(response.statusCode, status, response.body);
    assert.ok(response.json().hint.length > 0);
    assert.deepEqual(
      clickhouse.inserted.filter(({ table }) => table !== 'audit_log'),
      [],
    );
  });

test('the marks of an alert can be read', async () => {
  const row = { marked_at_ms: START, mark: 'true', duplicate_of: '', marked_by: 'kim', note: '' };
  const clickhouse = fakeClickHouse(() => [row]);
  assert.deepEqual((await consoleOver(clickhouse).app.inject('/api/alerts/a_c_1/marks')).json(), { marks: [row] });
});
