import { userInfo } from 'node:os';
import { Command } from 'commander';
import { createAuditLog } from '../feedback/audit.ts';
import { eraseAccount, rowsOf } from '../privacy/erase.ts';
import { withClickHouse } from './clickhouse.ts';
import { type CommonOptions, withConfig } from './common.ts';
import { formatTable } from './table.ts';

interface Options extends CommonOptions {
  dryRun?: boolean;
  by: string;
  json?: boolean;
}

/** `stillwatch privacy`. */
export function privacyCommand(): Command {
  const privacy = new Command('privacy').description(
    "what is stored of an account, and how it goes at its owner's request",
  );
  withConfig(privacy.command('erase'))
    .description("remove an account's name from every table")
    .argument('<account_id>')
    .option('--dry-run', 'say what would go; changes nothing')
    .option('--by <name>', 'who does it: written to the audit log, without the account', userInfo().username)
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
Gone: its windows, assignments, memberships and alerts about it alone. From alerts and windows about clusters its name is taken out; their counts stay.
Not touched: Kafka. Let the gateway write a tombstone for the account to its topic first: stillwatch then forgets its links, and what else names it there goes
with each topic's retention (\`stillwatch topics plan\`; infra/privacy.md).

Example:
  stillwatch privacy erase acct_42 --dry-run

Exit codes: 0 erased, or nothing was known of it; 1 ClickHouse does not answer; 2 wrong use.
`,
    )
    .action(async (account: string, { dryRun, by, json, ...common }: Options) => {
      const erased = await withClickHouse(common, async (clickHouse, database) => {
        if (dryRun === true) return await rowsOf(account, { clickHouse, database });
        await createAuditLog(clickHouse, database, Date.now).record({
          author: by,
          role: '',
          action: 'erase account',
          target: '',
          detail: {},
          address: '',
        });
        return await eraseAccount(account, { clickHouse, database });
      });
      if (json === true) process.stdout.write(`${JSON.stringify(erased)}\n`);
      else
        process.stdout.write(
          `${formatTable(
            ['table', dryRun === true ? 'would be' : 'was', 'rows'],
            erased.map(({ table, how, rows }) => [table, how === 'delete' ? 'deleted' : 'changed', String(rows)]),
          )}\n`,
        );
    });
  return privacy;
}
