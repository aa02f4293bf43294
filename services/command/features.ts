import { Command, Option } from 'commander';
import { featureList, featureRecords, featureReference } from '../records/feature-reference.ts';

export function featuresCommand(): Command {
  return new Command('features')
    .description('every feature of a window: unit, formula and source')
    .addOption(new Option('--markdown', 'the feature reference, schemas/features.md').conflicts('json'))
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nThe names are those of the columns in ClickHouse, and of the thresholds in rule files.\n\nExample:\n  stillwatch features | grep share\n\nExit codes: 0 printed, 2 wrong use.\n',
    )
    .action(({ markdown, json }: { markdown?: boolean; json?: boolean }) => {
      if (json === true) process.stdout.write(`${JSON.stringify(featureRecords())}\n`);
      else process.stdout.write(markdown === true ? featureReference() : featureList());
    });
}
