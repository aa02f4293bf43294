import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { createAlertStore } from '../../console/alert-store.ts';
import { StillwatchError } from '../../platform/errors.ts';
import { addEntry, formatEntry } from '../../rules/add-entry.ts';
import { parseRules } from '../../rules/parse.ts';
import { formatProblem } from '../../rules/problem.ts';
import { ALLOW_KINDS, type AllowEntry } from '../../rules/schema.ts';
import { VOCABULARY } from '../../rules/vocabulary.ts';
import { DEFAULT_RULES } from '../../run/context.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, requireFiles, withConfig } from '../common.ts';
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
      const subject = await subjectOf(alertId, common);
      const entry: AllowEntry = { kind: kind ?? subject.kind, value: value ?? subject.value, owner, reason, expires };
      const file = rules ?? DEFAULT_RULES;
      requireFiles([file], 'check --rules');
      // Checked as it would stand in the file, whether it is written or not.
      const text = addEntry(readFileSync(file, 'utf8'), entry);
      const parsed = parseRules(text, VOCABULARY);
      if (!parsed.ok)
        throw new StillwatchError(
          'RULES_INVALID',
          `with this exception the rules have errors:\n  ${parsed.problems.map((problem) => formatProblem(file, problem)).join('\n  ')}\n`,
          'mend what is named; nothing was written',
        );
      if (write === true) writeFileSync(file, text);
      process.stdout.write(json === true ? `${JSON.stringify(entry)}\n` : formatEntry(entry));
      if (write === true)
        process.stderr.write(`written to ${file}; bring it into force with: stillwatch rules apply ${file}\n`);
    });
}

async function subjectOf(alertId: string, options: CommonOptions): Promise<Pick<AllowEntry, 'kind' | 'value'>> {
  const alert = await withClickHouse(options, (clickHouse, database) =>
    createAlertStore(clickHouse.query, database).show(alertId),
  );
  if (alert === null) throw noSuchAlert(alertId);
  return { kind: alert.subject_type, value: alert.subject_id };
}
