import { Command } from 'commander';
import { withClickHouse } from '../clickhouse.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { formatTable } from '../table.ts';
import { signatureOption } from './signature-option.ts';

interface Options extends CommonOptions {
  signature?: string;
  json?: boolean;
}

interface PrecisionRow {
  signature: string;
  week: string;
  marked_true: string | number;
  marked: string | number;
  precision: number;
}

export function precisionCommand(): Command {
  return withConfig(new Command('precision'))
    .description('of the alerts that people marked: how many were true, by signature and week')
    .addOption(signatureOption())
    .option('--json', 'print the rows as JSON')
    .addHelpText(
      'after',
      '\nThe ClickHouse view signature_precision. A signature has a part in an alert when its score is above 0; duplicates are left out.\n\nExample:\n  stillwatch alerts precision\n\nExit codes: 0 printed, 1 ClickHouse does not answer, 2 wrong use.\n',
    )
    .action(async ({ signature, json, ...common }: Options) => {
      const rows = await withClickHouse(common, (clickHouse, database) =>
        clickHouse.query<PrecisionRow>(
          `SELECT signature, toString(week) AS week, marked_true, marked, precision FROM ${database}.signature_precision WHERE {signature:String} = '' OR signature = {signature:String} ORDER BY week DESC, signature`,
          { signature: signature ?? '' },
        ),
      );
      if (json === true) process.stdout.write(`${JSON.stringify(rows)}\n`);
      else
        process.stdout.write(
          `${formatTable(
            ['week of', 'signature', 'true', 'marked', 'precision'],
            rows.map((row) => [
              row.week,
              row.signature,
              String(row.marked_true),
              String(row.marked),
              row.precision.toFixed(2),
            ]),
          )}\n`,
        );
    });
}
