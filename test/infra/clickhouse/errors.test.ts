import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clickHouseError, errorText, httpStatus } from '../../../infra/clickhouse/errors.ts';
import { failsWith, startTestServer } from './server.ts';

const server = await startTestServer();

const mistakes: readonly (readonly [what: string, sql: string, code: number, status: number])[] = [
  ['an unknown table', 'SELECT * FROM no_such', 60, 404],
  ['an unknown database', 'SELECT * FROM no_such.t', 81, 404],
  ['an unknown column', 'SELECT x', 47, 404],
  ['a syntax error', 'SELEKT 1', 62, 400],
  ['a division that fails while running', 'SELECT throwIf(number = 1) FROM numbers(2)', 395, 500],
];
for (const [what, sql, code, status] of mistakes) {
  test(`${what} is ClickHouse error ${code} with HTTP status ${status}`, async () => {
    await failsWith(code, server.client.query({ query: sql }));
    const answer = await fetch(`${new URL(server.url).origin}/?password=secret`, { method: 'POST', body: sql });
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get('x-clickhouse-exception-code'), String(code));
  });
}

test("an error's text is ClickHouse's: code, message, name, version", async () => {
  const answer = await fetch(`${new URL(server.url).origin}/?password=secret`, {
    method: 'POST',
    body: 'SELECT * FROM no_such',
  });
  assert.match(
    await answer.text(),
    /^Code: 60\. DB::Exception: .*no_such.* \(UNKNOWN_TABLE\) \(version [\d.]+ \(official build\)\)\n$/s,
  );
});

test('what stands before the code is left out, and so is a second beginning', () => {
  const error = new Error(
    'Query failed: Code: 27. DB::Exception: Code: 27. DB::Exception: Cannot parse (CANNOT_PARSE)\n',
  );
  assert.equal(
    errorText(error, '26.7'),
    'Code: 27. DB::Exception: Cannot parse (CANNOT_PARSE) (version 26.7 (official build))',
  );
});

test("an error that is not the engine's becomes ClickHouse error 1002", () => {
  assert.match(
    errorText(new Error('disk full'), '26.7'),
    /^Code: 1002\. DB::Exception: disk full \(UNKNOWN_EXCEPTION\)/,
  );
});

test('every status follows from the code', () => {
  assert.deepEqual([516, 62, 60, 159, 307, 48, 999].map(httpStatus), [403, 400, 404, 408, 413, 501, 500]);
  assert.match(clickHouseError(62, 'SYNTAX_ERROR', 'x').message, /^Code: 62\. DB::Exception: x \(SYNTAX_ERROR\)$/);
});
