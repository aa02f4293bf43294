import { Command } from 'commander';
import { acknowledgement, createHandlingStore } from '../../feedback/handling.ts';
import { type AuthorOptions, recordChange, withAuthor } from '../audit.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { noSuchAlert } from './no-such-alert.ts';

interface Options extends CommonOptions, AuthorOptions {
  undo?: boolean;
  dryRun?: boolean;
  note: string;
  json?: boolean;
}

export function ackCommand(): Command {
  return withAuthor(withConfig(new Command('ack')))
    .description('say that somebody looks at alerts; one that grows more severe asks again')
    .argument('<alert_ids...>')
    .option('--undo', 'nobody looks at them any more')
    .option('--note <text>', 'anything for whoever comes next', '')
    .option('--dry-run', 'say how many would be; changes nothing')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch alerts ack a_c_1 a_c_2 --by kim --note "calling the customer"\n\nExit codes: 0 all are as wanted, or would be, 1 some do not exist or ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(async (alertIds: string[], { undo, by, note, dryRun, json, ...common }: Options) => {
      const wanted = undo !== true;
      const outcome = await withClickHouse(common, async (clickHouse, database) => {
        const store = createHandlingStore(clickHouse, database, Date.now);
        if (dryRun === true) return await store.rehearse(alertIds, wanted);
        await recordChange(clickHouse, database, by, acknowledgement(alertIds, wanted, note));
        return await store.acknowledge(alertIds, wanted, by, note);
      });
      const { changed, already, unknown } = outcome;
      if (json === true) process.stdout.write(`${JSON.stringify(outcome)}\n`);
      else
        process.stdout.write(
          `${changed.length} ${dryRun === true ? 'would be ' : ''}${wanted ? 'acknowledged' : 'taken back'}${already.length === 0 ? '' : `, ${already.length} had been before`}\n`,
        );
      if (unknown.length > 0) throw noSuchAlert(unknown.join(', '));
    });
}
