/** What a table's rows are kept in, on each shard and replica; the table's own name is what leads to all of them. */
export const LOCAL = '_local';

const NAME = String.raw`(?<database>\w+)\.(?<table>\w+)`;
const CREATE_TABLE = new RegExp(
  String.raw`^CREATE TABLE IF NOT EXISTS ${NAME}\s*(?<columns>\([\s\S]*\))\s*ENGINE = (?<engine>\w*MergeTree)(?:\((?<version>\w+)\))?(?<rest>[\s\S]*)$`,
);
const ALTER_TABLE = new RegExp(String.raw`^ALTER TABLE ${NAME}(?<rest>[\s\S]*)$`);
const DROP_TABLE = new RegExp(`^DROP TABLE IF EXISTS ${NAME}$`);
const VIEW = new RegExp(String.raw`^(?<what>CREATE VIEW IF NOT EXISTS|DROP VIEW IF EXISTS) ${NAME}(?<rest>[\s\S]*)$`);
const DATABASE = /^(?<what>CREATE DATABASE IF NOT EXISTS \w+)$/;
const INSERT = /^INSERT INTO /;

/**
 * A statement of a migration, as a cluster needs it. Each table becomes a replicated one on every shard, and a distributed one before it under the name that
 * everybody knows, so that nothing else has to know of the cluster.
 *
 * Rows of one sorting key are always on one shard, since the sharding key is made of the sorting key alone: else FINAL would keep one of each shard.
 */
export function onCluster(statement: string, cluster: string): string[] {
  const on = `ON CLUSTER ${cluster}`;
  const created = CREATE_TABLE.exec(statement)?.groups;
  if (created !== undefined) {
    const { database, table, columns = '', engine, version, rest = '' } = created;
    const replica = [`'/clickhouse/tables/{shard}/${database}/${table}'`, `'{replica}'`, ...(version ? [version] : [])];
    const local = `${table}${LOCAL}`;
    return [
      `CREATE TABLE IF NOT EXISTS ${database}.${local} ${on}\n${columns}\nENGINE = Replicated${engine}(${replica.join(', ')})${rest.replace('non_replicated_', 'replicated_')}`,
      `CREATE TABLE IF NOT EXISTS ${database}.${table} ${on} AS ${database}.${local}\nENGINE = Distributed('${cluster}', '${database}', '${local}', cityHash64(${shardingKey(columns, rest).join(', ')}))`,
    ];
  }
  const altered = ALTER_TABLE.exec(statement)?.groups;
  if (altered !== undefined) {
    const { database, table, rest = '' } = altered;
    const local = `ALTER TABLE ${database}.${table}${LOCAL} ${on}${rest}`;
    // Rows are in the local table only.
    return /^\s*(DELETE|UPDATE)\b/.test(rest) ? [local] : [local, `ALTER TABLE ${database}.${table} ${on}${rest}`];
  }
  const dropped = DROP_TABLE.exec(statement)?.groups;
  if (dropped !== undefined) {
    const { database, table } = dropped;
    // SYNC: the path in Keeper must be free when the migration is applied again.
    return [
      `DROP TABLE IF EXISTS ${database}.${table} ${on}`,
      `DROP TABLE IF EXISTS ${database}.${table}${LOCAL} ${on} SYNC`,
    ];
  }
  const view = VIEW.exec(statement)?.groups;
  if (view !== undefined) return [`${view['what']} ${view['database']}.${view['table']} ${on}${view['rest']}`];
  if (DATABASE.test(statement)) return [`${statement} ${on}`];
  if (INSERT.test(statement)) return [statement];
  throw new RangeError(`nobody has said what this is on a cluster: ${statement.slice(0, 80)}`);
}

/**
 * The names in the sorting key, without times, sizes and versions: what belongs to one account, cluster or alert stays together, and what is joined by them is
 * on one shard. The whole sorting key where there is no name in it.
 */
function shardingKey(columns: string, rest: string): string[] {
  const key = (/ORDER BY \(?([\w, ]+)\)?/.exec(rest)?.[1] ?? '').split(',').map((name) => name.trim());
  const names = key.filter((name) => new RegExp(String.raw`\b${name} (LowCardinality\()?String`).test(columns));
  return names.length === 0 ? key : names;
}
