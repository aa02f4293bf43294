import { userInfo } from 'node:os';
import { Command } from 'commander';
import { createHandlingStore } from '../../feedback/handling.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { noSuchAlert } from './no-such-alert.ts';

interface Options extends CommonOptions {
  undo?: boolean;
  by: string;
  note: string;
  json?: boolean;
}

export function ackCommand(): Command {
  return withConfig(new Command('ack'))
    .description('say that somebody looks at alerts; one that grows more severe asks again')
    .argument('<alert_ids...>')
    .option('--undo', 'nobody looks at them any more')
    .option('--by <name>', 'who', userInfo().username)
    .option('--note <text>', 'anything for whoever comes next', '')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch alerts ack a_c_1 a_c_2 --by kim --note "calling the customer"\n\nExit codes: 0 all are as wanted, 1 some do not exist or ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(async (alertIds: string[], { undo, by, note, json, ...common }: Options) => {
      const outcome = await withClickHouse(common, (clickHouse, database) =>
        createHandlingStore(clickHouse, database, Date.now).acknowledge(alertIds, undo !== true, by, note),
      );
      const { changed, already, unknown } = outcome;
      if (json === true) process.stdout.write(`${JSON.stringify(outcome)}\n`);
      else
        process.stdout.write(
          `${changed.length} ${undo === true ? 'taken back' : 'acknowledged'}${already.length === 0 ? '' : `, ${already.length} had been before`}\n`,
        );
      if (unknown.length > 0) throw noSuchAlert(unknown.join(', '));
    });
}
