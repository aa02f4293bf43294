import { alertId } from '../clusters/score/alerting.ts';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { literal } from '../platform/sql-text.ts';
import { onCluster } from '../sink/cluster.ts';
import { mentionOf } from './mention.ts';

/** What holds an account's name, and how it goes. `delete`: rows about the account; `take out`: its name, in rows about others. */
interface Holding {
  table: string;
  how: 'delete' | 'take out';
  /** SQL over {account:String}, {alert:String} and {mention:String}: the rows that are meant. */
  where: string;
  /** With `take out`: what is set, SQL over the same. */
  set?: string;
}

const OF_ACCOUNT = 'account_id = {account:String}';
const AS_SUBJECT = "subject_type = 'account' AND subject_id = {account:String}";
const FROM_SAMPLES = {
  how: 'take out',
  where: 'has(sample_accounts, {account:String})',
  set: 'sample_accounts = arrayFilter(sample -> sample != {account:String}, sample_accounts)',
} as const;

/** Words of people, or a name that they may have written down. */
function fromText(table: string, columns: readonly string[]): Holding {
  // Twice: of two mentions with one character between them, the first time takes every other one.
  const once = (text: string): string => `replaceRegexpAll(${text}, {mention:String}, '\\\\1[erased]\\\\2')`;
  return {
    table,
    how: 'take out',
    where: columns.map((column) => `match(${column}, {mention:String})`).join(' OR '),
    set: columns.map((column) => `${column} = ${once(once(column))}`).join(', '),
  };
}

/** An alert about the account alone is named after it: what people made of the alert goes with it, and what else names the alert. */
export const HOLDINGS: readonly Holding[] = [
  { table: 'account_windows', how: 'delete', where: OF_ACCOUNT },
  { table: 'assignments', how: 'delete', where: OF_ACCOUNT },
  { table: 'memberships', how: 'delete', where: OF_ACCOUNT },
  { table: 'cluster_windows', how: 'delete', where: AS_SUBJECT },
  { table: 'cluster_windows', ...FROM_SAMPLES },
  { table: 'alerts', how: 'delete', where: AS_SUBJECT },
  { table: 'alerts', ...FROM_SAMPLES },
  { table: 'deliveries', how: 'delete', where: AS_SUBJECT },
  { table: 'undelivered', how: 'delete', where: AS_SUBJECT },
  { table: 'alert_marks', how: 'delete', where: 'alert_id = {alert:String}' },
  fromText('alert_marks', ['duplicate_of', 'note']),
  { table: 'alert_handling', how: 'delete', where: 'alert_id = {alert:String}' },
  fromText('alert_handling', ['assignee', 'note']),
  { table: 'silences', how: 'delete', where: 'target_id = {alert:String}' },
  fromText('silences', ['reason']),
  fromText('audit_log', ['target', 'detail']),
];

export interface Erased {
  table: string;
  how: Holding['how'];
  rows: number;
}

export interface EraseDeps {
  clickHouse: Pick<ClickHouse, 'query' | 'command'>;
  database: string;
  /** Whose nodes the tables are on; empty: a single server. */
  cluster: string;
}

type Names = Record<'account' | 'alert' | 'mention', string>;

function namesOf(account: string): Names {
  return { account, alert: alertId(account), mention: mentionOf(account) };
}

/** A mutation takes no parameters on every version. */
function filledIn(sql: string, { account, alert, mention }: Names): string {
  return sql.replaceAll(/\{(account|alert|mention):String\}/g, (_, name) =>
    literal(name === 'account' ? account : name === 'alert' ? alert : mention),
  );
}

/** How many rows hold the account's name. Changes nothing. */
export async function rowsOf(account: string, { clickHouse, database }: EraseDeps): Promise<Erased[]> {
  const found: Erased[] = [];
  for (const { table, how, where } of HOLDINGS) {
    const [row] = await clickHouse.query<{ found: number | string }>(
      `SELECT count() AS found FROM ${database}.${table} WHERE ${where}`,
      namesOf(account),
    );
    found.push({ table, how, rows: Number(row?.found ?? 0) });
  }
  return found;
}

/** Removes the account's name from every table, and resolves when it is gone from each; what it removed. */
export async function eraseAccount(account: string, deps: EraseDeps): Promise<Erased[]> {
  const { clickHouse, database, cluster } = deps;
  const found = await rowsOf(account, deps);
  const names = namesOf(account);
  for (const [place, { table, where, set }] of HOLDINGS.entries()) {
    if (found[place]?.rows === 0) continue;
    const change = `${set === undefined ? 'DELETE' : `UPDATE ${filledIn(set, names)}`} WHERE ${filledIn(where, names)}`;
    const statement = `ALTER TABLE ${database}.${table} ${change} SETTINGS mutations_sync = 2`;
    for (const each of cluster === '' ? [statement] : onCluster(statement, cluster)) await clickHouse.command(each);
  }
  return found;
}
