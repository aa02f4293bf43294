import { Command } from 'commander';
import { eraseAccount, rowsOf } from '../privacy/erase.ts';
import { type AuthorOptions, recordChange, withAuthor } from './audit.ts';
import { withClickHouse } from './clickhouse.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';
import { formatTable } from './table.ts';

interface Options extends CommonOptions, AuthorOptions {
  dryRun?: boolean;
  json?: boolean;
}

/** `stillwatch privacy`. */
export function privacyCommand(): Command {
  const privacy = new Command('privacy').description(
    "what is stored of an account, and how it goes at its owner's request",
  );
  withAuthor(withConfig(privacy.command('erase')))
    .description("remove an account's name from every table in ClickHouse")
    .argument('<account_id>')
    .option('--dry-run', 'say what would go; changes nothing')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `
Gone: its windows, assignments and memberships, alerts about it alone, and what people made of those (marks, handling, silences). Its name is taken out of alerts
and windows about clusters, whose counts stay, and out of what people wrote: notes, reasons and the audit log, where it says [erased].
Not touched: Kafka, and rule files. Let the gateway write a tombstone for the account to its topic first: stillwatch then forgets its links, and what else names it there
goes with each topic's retention (\`stillwatch topics plan\`; infra/privacy.md). An exception in the rules that names it is yours to remove.

Example:
  stillwatch privacy erase acct_42 --dry-run

Exit codes: 0 erased, or nothing was known of it; 1 ClickHouse does not answer; 2 wrong use.
`,
    )
    .action(async (account: string, { dryRun, by, json, ...common }: Options) => {
      const erased = await withClickHouse(common, async (clickHouse, database) => {
        const deps = { clickHouse, database, cluster: configOf(common).config.clickhouse.cluster };
        if (dryRun === true) return await rowsOf(account, deps);
        // Without the account: this entry stays.
        await recordChange(clickHouse, database, by, { action: 'erase account', target: '', detail: {} });
        return await eraseAccount(account, deps);
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
