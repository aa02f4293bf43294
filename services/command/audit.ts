import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { type AuditEntry, createAuditLog } from '../feedback/audit.ts';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { messageOf, StillwatchError } from '../platform/errors.ts';
import { withClickHouse } from './clickhouse.ts';
import type { CommonOptions } from './common.ts';

export interface AuthorOptions {
  by: string;
}

/** For a command that changes something. */
export function withAuthor<Options extends Command>(command: Options): Options {
  return command.option('--by <name>', 'who does it, for the audit log', whoRuns(userInfo, process.getuid));
}

/** A container may run as a number that no file of users has: then it is that number. */
export function whoRuns(user: () => { username: string }, uid: (() => number) | undefined): string {
  try {
    return user().username;
  } catch {
    return `uid ${uid?.() ?? 'unknown'}`;
  }
}

export interface KafkaChangeOptions extends AuthorOptions {
  audit: boolean;
}

/** For one that changes something in Kafka, which goes without ClickHouse when it must. */
export function withKafkaAuthor<Options extends Command>(command: Options): Options {
  return withAuthor(command).option('--no-audit', 'even though the audit log, in ClickHouse, cannot be written');
}

type Change = Pick<AuditEntry, 'action' | 'target' | 'detail'>;

/** Says who changes what from this terminal, in the audit log, before it is changed. Rejects when it cannot be written: then nothing may be changed. */
export async function recordChange(
  clickHouse: ClickHouse,
  database: string,
  author: string,
  change: Change,
): Promise<void> {
  await createAuditLog(clickHouse, database, Date.now).record({ author, role: '', address: hostname(), ...change });
}

/** The same for a change in Kafka. */
export async function recordKafkaChange(
  { by, audit, ...common }: KafkaChangeOptions & CommonOptions,
  change: Change,
): Promise<void> {
  if (!audit) return;
  try {
    await withClickHouse(common, (clickHouse, database) => recordChange(clickHouse, database, by, change));
  } catch (error) {
    throw new StillwatchError(
      'UNAUDITED',
      `nothing was changed, since the audit log cannot be written: ${error instanceof StillwatchError ? error.what : messageOf(error)}`,
      'set CLICKHOUSE_URL to where it is, or say --no-audit if it cannot wait',
      error,
    );
  }
}
