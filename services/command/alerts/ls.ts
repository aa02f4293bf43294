import { Command, Option } from 'commander';
import { createAlertStore } from '../../console/alert-store.ts';
import type { AlertStatus, Severity } from '../../records/alert.ts';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, wholeNumber, withConfig } from '../common.ts';
import { jsonText } from '../output.ts';
import { formatTable, formatTime } from '../table.ts';
import { signatureOption } from './signature-option.ts';

interface Options extends CommonOptions {
  status?: AlertStatus;
  severity?: Severity;
  signature?: string;
  limit: number;
  json?: boolean;
}

export function lsCommand(): Command {
  return withConfig(new Command('ls'))
    .description('alerts, most recently updated first')
    .addOption(new Option('--status <status>', 'only these').choices(['open', 'resolved']))
    .addOption(new Option('--severity <severity>', 'only these').choices(['page', 'ticket', 'info']))
    .addOption(signatureOption())
    .option('--limit <number>', 'at most so many', wholeNumber, 50)
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch alerts ls --status open --severity page\n\nExit codes: 0 listed, 1 ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(async ({ status, severity, signature, limit, json, ...common }: Options) => {
      const { alerts: found } = await withClickHouse(common, (clickHouse, database) =>
        createAlertStore(clickHouse.query, database).list({
          status: status ?? null,
          severity: severity ?? null,
          signature: signature ?? null,
          limit,
          before: null,
        }),
      );
      const alerts = found.slice(0, limit);
      if (json === true) process.stdout.write(jsonText(alerts));
      else
        process.stdout.write(
          `${formatTable(
            ['alert', 'status', 'severity', 'verdict', 'accounts', 'calls', 'updated'],
            alerts.map((row) => [
              row.alert_id,
              row.status,
              row.severity,
              row.verdict,
              String(row.account_count),
              String(row.exchange_count),
              formatTime(Number(row.updated_at_ms)),
            ]),
          )}\n${found.length > limit ? `and more: --limit ${limit * 2}\n` : ''}`,
        );
    });
}
