import { userInfo } from 'node:os';
import { Argument, Command } from 'commander';
import { createMarkStore, MARKS, type Mark } from '../../feedback/marks.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { noSuchAlert } from './no-such-alert.ts';

interface Options extends CommonOptions {
  of?: string;
  by: string;
  note: string;
  json?: boolean;
}

export function markCommand(): Command {
  return withConfig(new Command('mark'))
    .description('say what an alert was; the last mark holds, earlier ones are kept')
    .argument('<alert_id>')
    .addArgument(new Argument('<mark>', 'a campaign, a mistake, or the same campaign as another alert').choices(MARKS))
    .option('--of <alert_id>', 'with duplicate: the alert that it repeats')
    .option('--by <name>', 'who says so', userInfo().username)
    .requiredOption('--note <text>', 'why')
    .option('--json', 'print what was stored as JSON')
    .addHelpText(
      'after',
      '\nIt changes nothing that is detected: it goes into the view signature_precision (`stillwatch alerts precision`). To except somebody, see `stillwatch alerts allow`.\n\nExamples:\n  stillwatch alerts mark a_c_1 true --by kim --note "read three calls"\n  stillwatch alerts mark a_c_2 duplicate --of a_c_1 --by kim --note "the same cards"\n\nExit codes: 0 marked, 1 there is no such alert or ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(async (alertId: string, mark: Mark, { of, by, note, json, ...common }: Options, command: Command) => {
      const entry = { alert_id: alertId, mark, duplicate_of: of ?? null, by, note };
      const outcome = await withClickHouse(common, (clickHouse, database) =>
        createMarkStore(clickHouse, database, Date.now).add(entry),
      );
      if (outcome.ok) {
        const stored = { ...entry, marked_at: new Date(outcome.marked_at).toISOString() };
        process.stdout.write(json === true ? `${JSON.stringify(stored)}\n` : `${alertId} is marked ${mark}\n`);
      } else if (outcome.reason === 'no_such_alert') throw noSuchAlert(outcome.alert_id);
      else command.error(`error: ${outcome.what}`, { exitCode: 2 });
    });
}
