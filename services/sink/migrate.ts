import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { onCluster } from './cluster.ts';
import { commentStatement, FEATURE_TABLES, staleComments, withFeatureColumns } from './tables.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

interface Migration {
  number: number;
  name: string;
}

/**
 * Brings the tables up to the newest migration. Each statement can be run again, so a crash in the middle is mended by the next run. Names what it did.
 * `cluster`: whose every node gets them (cluster.ts); empty for a single server.
 */
export async function migrateUp(clickHouse: ClickHouse, database: string, cluster = ''): Promise<string[]> {
  await run(clickHouse, cluster, foundation(database));
  const applied = await appliedMigrations(clickHouse, database);
  const done: string[] = [];
  for (const { number, name } of await migrations()) {
    if (applied.has(number)) continue;
    await run(clickHouse, cluster, await statements(`${name}.up.sql`, database));
    await clickHouse.command(`INSERT INTO ${database}.migrations (number, name) VALUES (${number}, '${name}')`);
    done.push(name);
  }
  await refreshComments(clickHouse, database, cluster);
  return done;
}

/** A formula is worded better without a migration: comments are not data, and say what this version computes. */
async function refreshComments(clickHouse: ClickHouse, database: string, cluster: string): Promise<void> {
  for (const table of FEATURE_TABLES) {
    const columns = await clickHouse.query<{ name: string; comment: string }>(
      'SELECT name, comment FROM system.columns WHERE database = {database:String} AND table = {table:String}',
      { database, table },
    );
    const comments = staleComments(columns).map((feature) => commentStatement(database, table, feature));
    await run(clickHouse, cluster, comments);
  }
}

/** Takes back the newest applied migration; null when there is none. */
export async function migrateDown(clickHouse: ClickHouse, database: string, cluster = ''): Promise<string | null> {
  const newest = await newestMigration(clickHouse, database);
  if (newest === null) return null;
  await run(clickHouse, cluster, await statements(`${newest}.down.sql`, database));
  await run(clickHouse, cluster, [
    // 2: on every replica.
    `ALTER TABLE ${database}.migrations DELETE WHERE name = '${newest}' SETTINGS mutations_sync = 2`,
  ]);
  return newest;
}

/** What `migrateDown` would take back. */
export async function newestMigration(clickHouse: ClickHouse, database: string): Promise<string | null> {
  const applied = await appliedMigrations(clickHouse, database);
  return (await migrations()).filter(({ number }) => applied.has(number)).at(-1)?.name ?? null;
}

/** Every statement that makes the tables, for whoever runs them by hand. */
export async function allStatements(database: string, cluster: string): Promise<string[]> {
  const files = (await migrations()).map(({ name }) => statements(`${name}.up.sql`, database));
  const all = [...foundation(database), ...(await Promise.all(files)).flat()];
  return cluster === '' ? all : all.flatMap((statement) => onCluster(statement, cluster));
}

/** Names of those that this version has and the tables have not. Changes nothing. */
export async function pendingMigrations(clickHouse: Pick<ClickHouse, 'query'>, database: string): Promise<string[]> {
  const tables = await clickHouse.query(
    'SELECT name FROM system.tables WHERE database = {database:String} AND name = {table:String}',
    { database, table: 'migrations' },
  );
  const applied = tables.length === 0 ? new Set<number>() : await appliedMigrations(clickHouse, database);
  return (await migrations()).filter(({ number }) => !applied.has(number)).map(({ name }) => name);
}

async function appliedMigrations(clickHouse: Pick<ClickHouse, 'query'>, database: string): Promise<Set<number>> {
  const rows = await clickHouse.query<{ number: number }>(`SELECT number FROM ${database}.migrations FINAL`);
  return new Set(rows.map(({ number }) => Number(number)));
}

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER))
    .filter((file) => file.endsWith('.up.sql'))
    .map((file) => file.slice(0, -'.up.sql'.length));
  return names.sort().map((name) => ({ number: Number.parseInt(name, 10), name }));
}

/** What migrations stand on. */
function foundation(database: string): string[] {
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}`,
    `CREATE TABLE IF NOT EXISTS ${database}.migrations (number UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) ENGINE = ReplacingMergeTree ORDER BY number`,
  ];
}

async function run(clickHouse: ClickHouse, cluster: string, sql: readonly string[]): Promise<void> {
  for (const statement of sql)
    for (const each of cluster === '' ? [statement] : onCluster(statement, cluster)) await clickHouse.command(each);
}

async function statements(file: string, database: string): Promise<string[]> {
  const text = withFeatureColumns((await readFile(join(FOLDER, file), 'utf8')).replaceAll('{database}', database));
  return text
    .split(/;\s*\n/)
    .map((statement) =>
      statement
        .replace(/^--.*$/gm, '')
        .trim()
        .replace(/;$/, ''),
    )
    .filter((statement) => statement !== '');
}
