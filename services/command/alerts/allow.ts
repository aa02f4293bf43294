import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { createAlertStore } from '../../console/alert-store.ts';
import { LOOKED_BACK } from '../../console/exception.ts';
import { createExceptionStore, type RecentAlert } from '../../console/stores/exception-store.ts';
import { StillwatchError } from '../../platform/errors.ts';
import { addEntry, formatEntry } from '../../rules/add-entry.ts';
import { hiddenBy, nameOfSubject } from '../../rules/hidden-by.ts';
import { parseRules } from '../../rules/parse.ts';
import { formatProblem } from '../../rules/problem.ts';
import { ALLOW_KINDS, type AllowEntry } from '../../rules/schema.ts';
import { VOCABULARY } from '../../rules/vocabulary.ts';
import { DEFAULT_RULES } from '../../run/context.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, requireFiles, withConfig } from '../common.ts';
import { formatTable, formatTime } from '../table.ts';
import { noSuchAlert } from './no-such-alert.ts';

interface Options extends CommonOptions {
  owner: string;
  reason: string;
  expires: string;
  kind?: AllowEntry['kind'];
  value?: string;
  rules?: string;
  write?: boolean;
  json?: boolean;
}

export function allowCommand(): Command {
  return withConfig(new Command('allow'))
    .description('the exception that keeps the subject of an alert from alerting again')
    .argument('<alert_id>')
    .requiredOption('--owner <name>', 'who answers for it')
    .requiredOption('--reason <text>', 'why it is none of our business')
    .requiredOption('--expires <date>', 'day on which it ends, such as 2026-12-31')
    .addOption(
      new Option('--kind <kind>', "except this instead of the alert's own account or cluster").choices(ALLOW_KINDS),
    )
    .option('--value <value>', 'with --kind: its id; of an attribute kind:value, as the alert shows it')
    .option('--rules <file>', 'with --write: the rule file')
    .option('--write', 'add it to the rule file, which stays as it is otherwise, comments and all')
    .option('--json', 'print the entry as JSON')
    .addHelpText(
      'after',
      `
Which stored alerts it would hide is said on stderr, before anything is written.
An exception of a cluster is of the cluster by its name. Rather except what makes it harmless, if something does: its
organization, or the attribute that holds it together (linking_evidence of \`stillwatch alerts show\`).

Examples:
  stillwatch alerts allow a_c_1 --owner trust@example.org --reason "campus" --expires 2026-12-31
  stillwatch alerts allow a_c_1 --kind attribute --value egress_network:192.0.2.0/24 --owner ... --reason ... --expires ... --rules rules.yaml --write
Then: stillwatch rules apply rules.yaml

Exit codes: 0 printed or written; 1 there is no such alert, or the file would have errors; 2 wrong use.
`,
    )
    .action(async (alertId: string, options: Options, command: Command) => {
      const { owner, reason, expires, kind, value, rules, write, json, ...common } = options;
      if ((kind === undefined) !== (value === undefined))
        return command.error('error: --kind and --value go together', { exitCode: 2 });
      if (write === true && rules === undefined)
        return command.error('error: --write needs --rules FILE', { exitCode: 2 });
      const { subject, recent } = await readAlerts(alertId, common);
      const entry: AllowEntry = { kind: kind ?? subject.kind, value: value ?? subject.value, owner, reason, expires };
      const file = rules ?? DEFAULT_RULES;
      requireFiles([file], 'check --rules');
      // Checked as it would stand in the file, whether it is written or not.
      const before = readFileSync(file, 'utf8');
      const text = addEntry(before, entry);
      const parsed = parseRules(text, VOCABULARY);
      if (!parsed.ok)
        throw new StillwatchError(
          'RULES_INVALID',
          `with this exception the rules have errors:\n  ${parsed.problems.map((problem) => formatProblem(file, problem)).join('\n  ')}\n`,
          'mend what is named; nothing was written',
        );
      const known = parseRules(before, VOCABULARY);
      process.stderr.write(
        sayHidden(hiddenBy(entry, known.ok ? known.rules : parsed.rules, recent, Date.now()), recent),
      );
      if (write === true) writeFileSync(file, text);
      process.stdout.write(json === true ? `${JSON.stringify(entry)}\n` : formatEntry(entry));
      if (write === true)
        process.stderr.write(`written to ${file}; bring it into force with: stillwatch rules apply ${file}\n`);
    });
}

async function readAlerts(
  alertId: string,
  options: CommonOptions,
): Promise<{ subject: Pick<AllowEntry, 'kind' | 'value'>; recent: RecentAlert[] }> {
  return await withClickHouse(options, async (clickHouse, database) => {
    const alert = await createAlertStore(clickHouse.query, database).show(alertId);
    if (alert === null) throw noSuchAlert(alertId);
    return {
      subject: { kind: alert.subject_type, value: nameOfSubject(alert) },
      recent: await createExceptionStore(clickHouse.query, database).recent(Date.now() - LOOKED_BACK),
    };
  });
}

function sayHidden(hidden: readonly RecentAlert[] | null, { length }: readonly RecentAlert[]): string {
  const which = `${length} alerts that are open or were updated in the last 30 days`;
  if (hidden === null) return `which of the ${which} it would hide is not known: they do not hold AS numbers\n`;
  if (hidden.length === 0) return `it would hide none of the ${which}\n`;
  const rows = hidden.map((row) => [
    row.alert_id,
    row.status,
    row.severity,
    row.verdict,
    formatTime(row.updated_at_ms),
  ]);
  return `it would hide ${hidden.length} of the ${which}:\n${formatTable(['alert', 'status', 'severity', 'verdict', 'updated'], rows)}\n`;
}
