import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, eventually, failsWith, startTestServer } from './server.ts';

const server = await startTestServer();

test('a million rows stream in order, in many pieces', async () => {
  const result = await server.client.query({ query: 'SELECT number FROM numbers(1000000)', format: 'JSONEachRow' });
  let next = 0;
  let pieces = 0;
  for await (const rows of result.stream<{ number: number }>()) {
    pieces += 1;
    for (const row of rows) {
      if (next % 100_000 === 0) assert.deepEqual(row.json(), { number: next });
      next += 1;
    }
  }
  assert.equal(next, 1_000_000);
  assert.ok(pieces > 10);
});

test('a client that stops reading ends the query', async () => {
  const result = await server.client.query({ query: 'SELECT number FROM numbers(10000000000)', format: 'JSONEachRow' });
  for await (const rows of result.stream()) {
    assert.ok(rows.length > 0);
    break;
  }
  result.close();
  await eventually('the query has ended', async () => (await server.running('numbers(10000000000)')) === 0);
  assert.equal((await server.client.ping({ select: true })).success, true);
});

/** What a format's answer of two rows, (0, '0') and (1, '1'), looks like; and the type it is sent as. */
const formats: readonly (readonly [format: string, type: string, looks: RegExp])[] = [
  ['JSON', 'application/json; charset=UTF-8', /"rows": 2/],
  ['JSONCompact', 'application/json; charset=UTF-8', /\[1, "1"\]/],
  ['JSONStrings', 'application/json; charset=UTF-8', /"a": "1"/],
  ['JSONObjectEachRow', 'application/x-ndjson; charset=UTF-8', /"row_2": \{"a":1,"s":"1"\}/],
  ['JSONColumns', 'application/json; charset=UTF-8', /"a": \[0, 1\]/],
  ['JSONEachRowWithProgress', 'application/x-ndjson; charset=UTF-8', /\{"row":\{"a":1,"s":"1"\}\}/],
  [
    'JSONCompactEachRowWithNamesAndTypes',
    'application/x-ndjson; charset=UTF-8',
    /^\["a", ?"s"\]\n\["UInt64", ?"String"\]\n/,
  ],
  ['CSVWithNames', 'text/csv; charset=UTF-8; header=present', /^"a","s"\n0,"0"\n1,"1"\n$/],
  ['TabSeparatedWithNamesAndTypes', 'text/tab-separated-values; charset=UTF-8', /^a\ts\nUInt64\tString\n0\t0\n1\t1\n$/],
  ['Parquet', 'application/octet-stream', /^PAR1.*PAR1$/s],
  ['Arrow', 'application/octet-stream', /^ARROW1.*ARROW1$/s],
  ['Native', 'application/octet-stream', /^.{3}a.UInt64/s],
  ['RowBinaryWithNamesAndTypes', 'application/octet-stream', /^.{2}a.s.UInt64.String/s],
  ['Pretty', 'text/tab-separated-values; charset=UTF-8', /│|┃/],
  ['Vertical', 'text/tab-separated-values; charset=UTF-8', /^Row 1:\n─+\na: 0\ns: 0\n/],
];
for (const [format, type, looks] of formats) {
  test(`${format} is sent as ${type}`, async () => {
    const { stream, response_headers: headers } = await server.client.exec({
      query: `SELECT number AS a, toString(number) AS s FROM numbers(2) FORMAT ${format}`,
    });
    assert.match((await collect(stream)).toString(), looks);
    assert.equal(headers['content-type'], type);
    assert.equal(headers['x-clickhouse-format'], format);
  });

  test(`200,000 rows of ${format} arrive whole`, async () => {
    const query = `SELECT number AS a, toString(number) AS s FROM numbers(200000) FORMAT ${format}`;
    const { stream } = await server.client.exec({ query });
    const bytes = await collect(stream);
    // The pretty formats are for eyes and show the first rows only.
    if (format === 'Pretty' || format === 'Vertical') assert.ok(bytes.length > 10_000);
    else assert.ok(bytes.length > 1_000_000 && bytes.includes('199999'), `${bytes.length} bytes`);
  });
}

test('the client reads a JSON answer', async () => {
  const result = await server.client.query({ query: 'SELECT 1 AS a', format: 'JSON' });
  const { data, rows } = await result.json();
  assert.deepEqual([data, rows], [[{ a: 1 }], 1]);
});

test('a format in the statement wins over that of the request', async () => {
  const { stream, response_headers: headers } = await server.client.exec({
    query: 'SHOW TABLES FROM system FORMAT JSON -- as JSON',
  });
  await collect(stream);
  assert.equal(headers['content-type'], 'application/json; charset=UTF-8');
});

test('an error in the middle of a stream reaches the reader', async () => {
  const query = 'SELECT throwIf(number = 3000000) FROM numbers(5000000)';
  const result = await server.client.query({ query, format: 'JSONEachRow', clickhouse_settings: { max_threads: 1 } });
  let seen = 0;
  const read = async (): Promise<void> => {
    for await (const rows of result.stream()) seen += rows.length;
  };
  await failsWith(395, read());
  assert.ok(seen > 0 && seen < 5_000_000);
});

test('a slow scalar subquery holds nobody else up', async () => {
  const query = 'SELECT (SELECT max(sleepEachRow(0.25)) FROM numbers(8) SETTINGS max_block_size = 1) AS slept';
  const slow = server.rows(query);
  await eventually('the query runs', async () => (await server.running('sleepEachRow(0.25)')) > 0);
  assert.deepEqual(await server.rows('SELECT 1 AS x'), [{ x: 1 }]);
  assert.ok((await server.running('sleepEachRow(0.25)')) > 0, 'it runs still');
  assert.deepEqual(await slow, [{ slept: 0 }]);
});
