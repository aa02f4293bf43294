import type { ClickHouse } from '../platform/clickhouse.ts';

/** What holds an account's name, and how it goes. `delete`: rows about the account; `take out`: lists of samples, in rows about others. */
interface Holding {
  table: string;
  how: 'delete' | 'take out';
  /** SQL over {account:String}: the rows that are meant. */
  where: string;
}

const OF_ACCOUNT = 'account_id = {account:String}';
const AS_SUBJECT = "subject_type = 'account' AND subject_id = {account:String}";
const AMONG_SAMPLES = 'has(sample_accounts, {account:String})';

/** Deliberately absent: tables of what people wrote (marks, handling, silences, audit), which name alerts and not accounts. */
export const HOLDINGS: readonly Holding[] = [
  { table: 'account_windows', how: 'delete', where: OF_ACCOUNT },
  { table: 'assignments', how: 'delete', where: OF_ACCOUNT },
  { table: 'memberships', how: 'delete', where: OF_ACCOUNT },
  { table: 'cluster_windows', how: 'delete', where: AS_SUBJECT },
  { table: 'cluster_windows', how: 'take out', where: AMONG_SAMPLES },
  { table: 'alerts', how: 'delete', where: AS_SUBJECT },
  { table: 'alerts', how: 'take out', where: AMONG_SAMPLES },
  { table: 'undelivered', how: 'delete', where: AS_SUBJECT },
];

export interface Erased {
  table: string;
  how: Holding['how'];
  rows: number;
}

export interface EraseDeps {
  clickHouse: Pick<ClickHouse, 'query' | 'command'>;
  database: string;
}

/** How many rows hold the account's name. Changes nothing. */
export async function rowsOf(account: string, { clickHouse, database }: EraseDeps): Promise<Erased[]> {
  const found: Erased[] = [];
  for (const { table, how, where } of HOLDINGS) {
    const [row] = await clickHouse.query<{ found: number | string }>(
      `SELECT count() AS found FROM ${database}.${table} WHERE ${where}`,
      { account },
    );
    found.push({ table, how, rows: Number(row?.found ?? 0) });
  }
  return found;
}

/** Removes the account's name from every table, and resolves when it is gone from each; what it removed. */
export async function eraseAccount(account: string, deps: EraseDeps): Promise<Erased[]> {
  const { clickHouse, database } = deps;
  const found = await rowsOf(account, deps);
  // A mutation takes no parameters on every version.
  const name = quoted(account);
  for (const [place, { table, how, where }] of HOLDINGS.entries()) {
    if (found[place]?.rows === 0) continue;
    const meant = where.replace('{account:String}', name);
    const change =
      how === 'delete'
        ? `DELETE WHERE ${meant}`
        : `UPDATE sample_accounts = arrayFilter(sample -> sample != ${name}, sample_accounts) WHERE ${meant}`;
    await clickHouse.command(`ALTER TABLE ${database}.${table} ${change} SETTINGS mutations_sync = 2`);
  }
  return found;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
