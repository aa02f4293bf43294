import { Command, Option } from 'commander';
import type { ClickHouse } from '../platform/clickhouse.ts';
import { StillwatchError } from '../platform/errors.ts';
import type { WindowSize } from '../records/window.ts';
import { withClickHouse } from './clickhouse.ts';
import { type CommonOptions, withConfig } from './common.ts';
import { jsonText, yamlText } from './output.ts';

interface Options extends CommonOptions {
  size: WindowSize;
  json?: boolean;
}

export interface ShownSubject {
  what: 'account' | 'cluster';
  shows: string;
  example: string;
  /** Null when nothing is known of it. */
  show(clickHouse: Pick<ClickHouse, 'query'>, database: string, id: string, size: WindowSize): Promise<unknown>;
}

/** `show` of an account or a cluster: what the console's page has, for a terminal or a script. */
export function subjectShowCommand({ what, shows, example, show }: ShownSubject): Command {
  return withConfig(new Command('show'))
    .description(shows)
    .argument(`<${what}_id>`)
    .addOption(new Option('--size <size>', 'of the windows').choices(['hour', 'day']).default('hour'))
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `\nExample:\n  stillwatch ${example}\n\nExit codes: 0 shown, 1 nothing is known of it or ClickHouse does not answer, 2 wrong use.\n`,
    )
    .action(async (id: string, { size, json, ...common }: Options) => {
      const found = await withClickHouse(common, (clickHouse, database) => show(clickHouse, database, id, size));
      if (found === null)
        throw new StillwatchError(
          'NOT_FOUND',
          `nothing is known of ${what} ${id}`,
          '`stillwatch alerts show` names those of an alert',
        );
      process.stdout.write(json === true ? jsonText(found) : yamlText(found));
    });
}
