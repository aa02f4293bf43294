import { Command } from 'commander';
import { createAlertStore } from '../../console/alert-store.ts';
import { createMarkStore } from '../../feedback/marks.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { jsonText, yamlText } from '../output.ts';
import { noSuchAlert } from './no-such-alert.ts';

interface Options extends CommonOptions {
  json?: boolean;
}

export function showCommand(): Command {
  return withConfig(new Command('show'))
    .description('one alert whole: why, who, since when, and what people marked it as')
    .argument('<alert_id>')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch alerts show a_c_1f2e\n\nExit codes: 0 shown, 1 there is none or ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(async (alertId: string, { json, ...common }: Options) => {
      const alert = await withClickHouse(common, async (clickHouse, database) => {
        const found = await createAlertStore(clickHouse.query, database).show(alertId);
        if (found === null) throw noSuchAlert(alertId);
        return { ...found, marks: await createMarkStore(clickHouse, database, Date.now).list(alertId) };
      });
      process.stdout.write(json === true ? jsonText(alert) : yamlText(alert));
    });
}
