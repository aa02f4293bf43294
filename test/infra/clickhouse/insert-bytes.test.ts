import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { beforeEach, test } from 'node:test';
import { collect, failsWith, startTestServer } from './server.ts';

const server = await startTestServer();

beforeEach(async () => {
  await server.command('CREATE OR REPLACE TABLE app.t (a UInt32, s String) ENGINE=MergeTree ORDER BY a');
  await server.command('CREATE OR REPLACE TABLE app.victim (a UInt32) ENGINE=Memory');
});

function bytes(...chunks: (string | Buffer)[]): Readable {
  return Readable.from(chunks, { objectMode: false });
}

async function all(): Promise<unknown[]> {
  return await server.rows('SELECT a, s FROM app.t ORDER BY a');
}

/** RowBinary of (a UInt32, s String), s being short. */
function rowBinary(a: number, s: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(a);
  head.writeUInt8(Buffer.byteLength(s), 4);
  return Buffer.concat([head, Buffer.from(s)]);
}

test('RowBinary in 20 chunks arrives whole, whatever its bytes look like', async () => {
  const first = 0x0a200000;
  const chunk = (k: number): Buffer =>
    Buffer.concat(Array.from({ length: 1_000 }, (_, i) => rowBinary(first + k * 1_000 + i, `\n ;'${i}`)));
  const chunks = Array.from({ length: 20 }, (_, k) => chunk(k));
  const summary = await server.insertBytes('INSERT INTO app.t FORMAT RowBinary', bytes(...chunks));
  assert.equal(summary['written_rows'], '20000');
  const found = await server.rows(
    "SELECT count() AS n, min(a) AS least, max(a) AS most, countIf(s LIKE '\\n ;''%') AS same FROM app.t",
  );
  assert.deepEqual(found, [{ n: 20_000, least: first, most: first + 19_999, same: 20_000 }]);
});

for (const first of [0x0a, 0x20, 0x09, 0x0d]) {
  test(`RowBinary that begins with the white space 0x${first.toString(16)} keeps it`, async () => {
    await server.insertBytes('INSERT INTO app.t FORMAT RowBinary', bytes(Buffer.from([first, 1, 0, 0, 1, 65])));
    assert.deepEqual(await all(), [{ a: first + 256, s: 'A' }]);
  });
}

for (const format of ['Native', 'RowBinaryWithNamesAndTypes', 'Parquet', 'Arrow', 'Avro', 'CSVWithNames']) {
  test(`what was read as ${format} can be written back`, async () => {
    await server.command("INSERT INTO app.t SELECT number, concat('\\n\\n', toString(number)) FROM numbers(1000)");
    const { stream } = await server.client.exec({ query: `SELECT a, s FROM app.t FORMAT ${format}` });
    const written = await collect(stream);
    const before = await all();
    await server.command('TRUNCATE TABLE app.t');
    await server.insertBytes(`INSERT INTO app.t FORMAT ${format}`, bytes(written));
    assert.deepEqual(await all(), before);
  });
}

const blankLines = {
  CSV: ['1,"x\n\nDROP TABLE app.victim"\n2,y\n', 'x\n\nDROP TABLE app.victim'],
  JSONEachRow: ['{"a":1,"s":"x"}\n\n{"a":2,"s":"y"}\n', 'x'],
  TSV: ['1\tx\n2\ty\n', 'x'],
  Values: ["(1,'x\n\nDROP TABLE app.victim'),(2,'y')", 'x\n\nDROP TABLE app.victim'],
} as const;
for (const [format, [data, first]] of Object.entries(blankLines)) {
  const expected = [
    { a: 1, s: first },
    { a: 2, s: 'y' },
  ];

  test(`${format} with blank lines in the body is data to its end`, async () => {
    await server.insertBytes(`INSERT INTO app.t FORMAT ${format}`, bytes(data));
    assert.deepEqual(await all(), expected);
    assert.deepEqual(await server.rows('EXISTS app.victim'), [{ result: 1 }]);
  });

  test(`${format} with blank lines in the statement is data to its end`, async () => {
    await server.command(`INSERT INTO app.t FORMAT ${format}\n${data}`);
    assert.deepEqual(await all(), expected);
    assert.deepEqual(await server.rows('EXISTS app.victim'), [{ result: 1 }]);
  });
}

const hostile: readonly (readonly [string, string])[] = [
  [
    'JSON on the line of its FORMAT, then a blank line',
    'INSERT INTO app.t FORMAT JSONEachRow {"a":1,"s":"x"}\n\nDROP TABLE app.victim',
  ],
  ['CSV, then a blank line', 'INSERT INTO app.t FORMAT CSV\n1,x\n\nDROP TABLE app.victim'],
  ['VALUES, then a semicolon', "INSERT INTO app.t VALUES (1,'x'); DROP TABLE app.victim"],
  ['VALUES, then a semicolon and a blank line', "INSERT INTO app.t VALUES (1,'x');\n\nDROP TABLE app.victim"],
  ['INSERT ... SELECT, then a semicolon', "INSERT INTO app.t SELECT 1, 'x'; DROP TABLE app.victim"],
  ['DDL, then a semicolon', 'CREATE TABLE IF NOT EXISTS app.other (a Int8) ENGINE=Memory;\n\nDROP TABLE app.victim'],
];
for (const [what, sql] of hostile) {
  test(`${what}: no SQL is run from what follows`, async () => {
    // Whether the statement itself is refused is the engine's affair.
    await server.client.command({ query: sql }).catch(() => undefined);
    assert.deepEqual(await server.rows('EXISTS app.victim'), [{ result: 1 }]);
  });
}

test('VALUES in the body with a second statement behind them run nothing else', async () => {
  await server.insertBytes('INSERT INTO app.t VALUES', bytes("(3,'x'); DROP TABLE app.victim")).catch(() => undefined);
  assert.deepEqual(await server.rows('EXISTS app.victim'), [{ result: 1 }]);
});

test('settings in the statement hold for data from the body', async () => {
  const insert = 'INSERT INTO app.t SETTINGS input_format_csv_use_default_on_bad_values = 1 FORMAT CSV';
  await server.insertBytes(insert, bytes('1,x\nnumber,y\n'));
  assert.deepEqual(await all(), [
    { a: 0, s: 'y' },
    { a: 1, s: 'x' },
  ]);
});

test('two statements at once are refused with ClickHouse error 62', async () => {
  await failsWith(62, server.client.command({ query: 'SELECT 1; SELECT 2' }));
});
