import { Command } from 'commander';
import { caseOf } from '../../console/alert-case.ts';
import { createAlertStore } from '../../console/alert-store.ts';
import { createClusterStore } from '../../console/stores/cluster-store.ts';
import { createDeliveryStore } from '../../console/stores/delivery-store.ts';
import { createHandlingStore } from '../../feedback/handling.ts';
import { createMarkStore } from '../../feedback/marks.ts';
import { createSilenceStore } from '../../feedback/silences.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { jsonText } from '../output.ts';
import { noSuchAlert } from './no-such-alert.ts';

export function exportCommand(): Command {
  return withConfig(new Command('export'))
    .description(
      'everything that is known of an alert as JSON, to keep with the case: what was seen, and what people made of it',
    )
    .argument('<alert_id>')
    .option('--json', 'print JSON, as it does anyway')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch alerts export a_c_1f2e > case.json\n\nExit codes: 0 printed, 1 there is none or ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(async (alertId: string, common: CommonOptions) => {
      const found = await withClickHouse(common, (clickHouse, database) =>
        caseOf(alertId, {
          alerts: createAlertStore(clickHouse.query, database),
          marks: createMarkStore(clickHouse, database, Date.now),
          handling: createHandlingStore(clickHouse, database, Date.now),
          silences: createSilenceStore(clickHouse, database, Date.now),
          clusters: createClusterStore(clickHouse.query, database),
          deliveries: createDeliveryStore(clickHouse.query, database),
          database,
          now: Date.now,
        }),
      );
      if (found === null) throw noSuchAlert(alertId);
      process.stdout.write(jsonText({ exported_at: new Date().toISOString(), ...found }, 2));
    });
}
