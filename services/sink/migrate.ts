import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { commentStatement, FEATURE_TABLES, staleComments, withFeatureColumns } from './tables.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

interface Migration {
  number: number;
  name: string;
}

/** Brings the tables up to the newest migration. Each statement can be run again, so a crash in the middle is mended by the next run. Names what it did. */
export async function migrateUp(clickHouse: ClickHouse, database: string): Promise<string[]> {
  await clickHouse.command(`CREATE DATABASE IF NOT EXISTS ${database}`);
  await clickHouse.command(
    `CREATE TABLE IF NOT EXISTS ${database}.migrations (number UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) ENGINE = ReplacingMergeTree ORDER BY number`,
  );
  const applied = await appliedMigrations(clickHouse, database);
  const done: string[] = [];
  for (const { number, name } of await migrations()) {
    if (applied.has(number)) continue;
    await run(clickHouse, database, `${name}.up.sql`);
    await clickHouse.command(`INSERT INTO ${database}.migrations (number, name) VALUES (${number}, '${name}')`);
    done.push(name);
  }
  await refreshComments(clickHouse, database);
  return done;
}

/** A formula is worded better without a migration: comments are not data, and say what this version computes. */
async function refreshComments(clickHouse: ClickHouse, database: string): Promise<void> {
  for (const table of FEATURE_TABLES) {
    const columns = await clickHouse.query<{ name: string; comment: string }>(
      'SELECT name, comment FROM system.columns WHERE database = {database:String} AND table = {table:String}',
      { database, table },
    );
    for (const feature of staleComments(columns)) await clickHouse.command(commentStatement(database, table, feature));
  }
}

/** Takes back the newest applied migration; null when there is none. */
export async function migrateDown(clickHouse: ClickHouse, database: string): Promise<string | null> {
  const applied = await appliedMigrations(clickHouse, database);
  const newest = (await migrations()).filter(({ number }) => applied.has(number)).at(-1);
  if (newest === undefined) return null;
  await run(clickHouse, database, `${newest.name}.down.sql`);
  await clickHouse.command(
    `ALTER TABLE ${database}.migrations DELETE WHERE number = ${newest.number} SETTINGS mutations_sync = 1`,
  );
  return newest.name;
}

/** Names of those that this version has and the tables have not. Changes nothing. */
export async function pendingMigrations(clickHouse: ClickHouse, database: string): Promise<string[]> {
  const tables = await clickHouse.query(
    'SELECT name FROM system.tables WHERE database = {database:String} AND name = {table:String}',
    { database, table: 'migrations' },
  );
  const applied = tables.length === 0 ? new Set<number>() : await appliedMigrations(clickHouse, database);
  return (await migrations()).filter(({ number }) => !applied.has(number)).map(({ name }) => name);
}

async function appliedMigrations(clickHouse: ClickHouse, database: string): Promise<Set<number>> {
  const rows = await clickHouse.query<{ number: number }>(`SELECT number FROM ${database}.migrations FINAL`);
  return new Set(rows.map(({ number }) => Number(number)));
}

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER))
    .filter((file) => file.endsWith('.up.sql'))
    .map((file) => file.slice(0, -'.up.sql'.length));
  return names.sort().map((name) => ({ number: Number.parseInt(name, 10), name }));
}

async function run(clickHouse: ClickHouse, database: string, file: string): Promise<void> {
  const text = withFeatureColumns((await readFile(join(FOLDER, file), 'utf8')).replaceAll('{database}', database));
  const statements = text
    .split(/;\s*\n/)
    .map((statement) =>
      statement
        .replace(/^--.*$/gm, '')
        .trim()
        .replace(/;$/, ''),
    )
    .filter((statement) => statement !== '');
  for (const statement of statements) await clickHouse.command(statement);
}
