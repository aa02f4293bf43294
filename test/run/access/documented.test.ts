import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nameOf } from '../../../services/command/access.ts';
import { CLICKHOUSE_GRANTS, CLICKHOUSE_USERS, grantOf } from '../../../services/run/access/clickhouse-grants.ts';
import { KAFKA_PRINCIPALS, KAFKA_RIGHTS } from '../../../services/run/access/kafka-rights.ts';

const FILE = join(import.meta.dirname, '../../../infra/security/README.md');
const BEGIN = '<!-- rights: made by test/run/access/documented.test.ts --update -->\n';
const END = '<!-- end of rights -->';

/** The tables as they belong into the document: `node test/run/access/documented.test.ts --update` puts them there. */
function tables(): string {
  const kafka = KAFKA_PRINCIPALS.flatMap((principal) =>
    KAFKA_RIGHTS[principal].map((right) => [principal, right.resource, nameOf(right), right.operations.join(', ')]),
  );
  const clickHouse = CLICKHOUSE_USERS.flatMap((user) =>
    CLICKHOUSE_GRANTS[user].map((grant) => [user, grantOf(grant, 'stillwatch')]),
  );
  return [
    ...table(['at Kafka', 'on', 'name', 'operations'], kafka),
    '',
    ...table(['at ClickHouse', 'grant'], clickHouse),
    '',
  ].join('\n');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  // As the formatter has it: columns as wide as their widest cell.
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function withTables(text: string): string {
  const [before = '', rest = ''] = text.split(BEGIN);
  return `${before}${BEGIN}\n${tables()}\n${END}${rest.split(END)[1] ?? ''}`;
}

if (process.argv.includes('--update')) writeFileSync(FILE, withTables(readFileSync(FILE, 'utf8')));

test('the document lists the rights that the code has', () => {
  const text = readFileSync(FILE, 'utf8');
  assert.equal(text, withTables(text), 'run `node test/run/access/documented.test.ts --update`');
});
