import { Argument, Command } from 'commander';
import { createMarkStore, MARKS, type Mark, type MarkOutcome, marking } from '../../feedback/marks.ts';
import { type AuthorOptions, recordChange, withAuthor } from '../audit.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { noSuchAlert } from './no-such-alert.ts';

interface Options extends CommonOptions, AuthorOptions {
  of?: string;
  note: string;
  dryRun?: boolean;
  json?: boolean;
}

/** Nothing is stored. */
interface Rehearsed {
  ok: true;
  marked_at: null;
}

export function markCommand(): Command {
  return withAuthor(withConfig(new Command('mark')))
    .description('say what an alert was; the last mark holds, earlier ones are kept')
    .argument('<alert_id>')
    .addArgument(new Argument('<mark>', 'a campaign, a mistake, or the same campaign as another alert').choices(MARKS))
    .option('--of <alert_id>', 'with duplicate: the alert that it repeats')
    .requiredOption('--note <text>', 'why')
    .option('--dry-run', 'say whether it would be marked; changes nothing')
    .option('--json', 'print what was stored as JSON')
    .addHelpText(
      'after',
      '\nIt changes nothing that is detected: it goes into the view signature_precision (`stillwatch alerts precision`). To except somebody, see `stillwatch alerts allow`.\n\nExamples:\n  stillwatch alerts mark a_c_1 true --by kim\n  stillwatch alerts mark a_c_2 duplicate --of a_c_1 --by kim --note "the same cards"\n\nExit codes: 0 marked, or would be, 1 there is no such alert or ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(
      async (alertId: string, mark: Mark, { of, by, note, dryRun, json, ...common }: Options, command: Command) => {
        const entry = { alert_id: alertId, mark, duplicate_of: of ?? null, by, note };
        const outcome = await withClickHouse(common, async (clickHouse, database): Promise<MarkOutcome | Rehearsed> => {
          const store = createMarkStore(clickHouse, database, Date.now);
          if (dryRun === true) return (await store.refusal(entry)) ?? { ok: true, marked_at: null };
          await recordChange(clickHouse, database, by, marking(entry));
          return await store.add(entry);
        });
        if (outcome.ok) {
          const at = outcome.marked_at === null ? null : new Date(outcome.marked_at).toISOString();
          const said = `${alertId} ${at === null ? 'would be' : 'is'} marked ${mark}`;
          process.stdout.write(`${json === true ? JSON.stringify({ ...entry, marked_at: at }) : said}\n`);
        } else if (outcome.reason === 'no_such_alert') throw noSuchAlert(outcome.alert_id);
        else command.error(`error: ${outcome.what}`, { exitCode: 2 });
      },
    );
}
