import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { insertFromFile } from '../../../infra/clickhouse/insert-head.ts';
import { type Query, readStatement } from '../../../infra/clickhouse/statement.ts';

function query(sql: string): Query {
  const statement = readStatement(Buffer.from(sql));
  assert.equal(statement.kind, 'query', sql);
  if (statement.kind !== 'query') throw new Error('unreachable');
  return statement;
}

function insert(sql: string | Buffer): { target: string; settings: string; format: string; data: string } {
  const statement = readStatement(Buffer.from(sql));
  if (statement.kind !== 'insert') throw new Error(`takes no data: ${String(sql)}`);
  return { ...statement.head, data: statement.head.data.toString() };
}

test('an INSERT is taken apart into target, settings, format and data', () => {
  assert.deepEqual(insert('INSERT INTO t (a, b) SETTINGS x = 1 FORMAT CSV\n1,2\n'), {
    target: 'INSERT INTO t (a, b)',
    settings: 'SETTINGS x = 1',
    format: 'CSV',
    data: '1,2\n',
  });
  assert.deepEqual(insert('insert into t values (1)'), {
    target: 'insert into t',
    settings: '',
    format: 'Values',
    data: '(1)',
  });
});

test('only the first end of line behind the head is no data', () => {
  assert.equal(insert('INSERT INTO t FORMAT TSV\n\n\tx').data, '\n\tx');
  assert.equal(insert('INSERT INTO t FORMAT TSV \r\n x').data, ' x');
  assert.equal(insert('INSERT INTO t FORMAT JSONEachRow {"a":1}').data, '{"a":1}');
});

test('keywords in names, comments and quotation marks are none', () => {
  assert.equal(
    insert('/* INSERT /* nested */ */ INSERT INTO `values FORMAT x` -- VALUES\n FORMAT CSV\n1').target.endsWith(
      '-- VALUES',
    ),
    true,
  );
  assert.equal(insert('INSERT INTO values VALUES (1)').target, 'INSERT INTO values');
  assert.equal(
    insert('INSERT INTO db.format (format, "values") FORMAT CSV\n1').target,
    'INSERT INTO db.format (format, "values")',
  );
  assert.equal(query("SELECT 'x; FORMAT CSV'").format, null);
  assert.equal(query('SELECT $a$; $a$, 1 # ; FORMAT JSON').format, null);
  assert.equal(query("SELECT 'it''s; \\'; ' FORMAT JSON").format, 'JSON');
  assert.equal(query('SELECT ‘a; b’').format, null);
});

test('INSERT ... SELECT, FROM INFILE and other verbs take no data', () => {
  for (const sql of [
    'INSERT INTO t SELECT 1',
    'INSERT INTO t WITH x AS (SELECT 1) SELECT * FROM x',
    "INSERT INTO t FROM INFILE 'f' FORMAT CSV",
    'OPTIMIZE TABLE t FINAL',
  ])
    query(sql);
  query('INSERT INTO t SELECT format FROM values');
});

test('a second statement is refused; a semicolon at the end is not', () => {
  for (const sql of [
    'SELECT 1; SELECT 2',
    'CREATE TABLE t (a Int8); DROP TABLE t',
    'INSERT INTO t SELECT 1;\n\nDROP TABLE t',
  ]) {
    assert.throws(() => readStatement(Buffer.from(sql)), /Code: 62\..*Multi-statements are not allowed/);
  }
  query('SELECT 1; -- the end');
});

test('a format counts where it stands at the end', () => {
  assert.equal(query('SELECT 1 FORMAT JSONEachRow SETTINGS max_threads = 1;').format, 'JSONEachRow');
  assert.equal(query('select 1 format Json -- so').format, 'Json');
  assert.equal(query('SELECT format FROM formats').format, null);
});

test('only a SELECT without a further SELECT in it is streamed', () => {
  assert.equal(query('(SELECT 1)').canStream, true);
  assert.equal(query('WITH 1 AS x SELECT x').canStream, true);
  assert.equal(query('SELECT (SELECT 1)').canStream, false);
  assert.equal(query('SHOW TABLES').canStream, false);
});

test('KILL QUERY by query id looks where requests carry it, and never waits', () => {
  assert.equal(
    query("KILL QUERY WHERE query_id = 'x' SYNC").sql,
    "KILL QUERY WHERE Settings['log_comment'] = 'x' ASYNC",
  );
});

test('data of any bytes come out of a statement as they went in, and never become part of it', () => {
  const head = 'INSERT INTO t (a, `b;`) FORMAT RowBinary\n';
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const statement = readStatement(Buffer.concat([Buffer.from(head), bytes]));
      assert.equal(statement.kind, 'insert');
      if (statement.kind !== 'insert') return;
      assert.deepEqual(Buffer.from(statement.head.data), Buffer.from(bytes));
      assert.equal(insertFromFile(statement.head, 'f'), "INSERT INTO t (a, `b;`)\nFROM INFILE 'f'  FORMAT RowBinary");
    }),
  );
});

test('text in quotation marks is one token, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'\'"`\\;\n #-/*$—é', 'FORMAT ') }),
      fc.constantFrom("'", '"', '`'),
      (text, mark) => {
        const escaped = text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`);
        const sql = `SELECT 1 AS a, ${mark}${escaped}${mark} FORMAT JSON`;
        assert.deepEqual(query(sql), {
          kind: 'query',
          sql: Buffer.from(sql).toString(),
          format: 'JSON',
          canStream: true,
          isKill: false,
        });
      },
    ),
  );
});
