import { Command } from 'commander';
import { featureList, featureReference } from '../records/feature-reference.ts';

export function featuresCommand(): Command {
  return new Command('features')
    .description('every feature of a window: unit, formula and source')
    .option('--markdown', 'the feature reference, schemas/features.md')
    .action(({ markdown }: { markdown?: boolean }) => {
      process.stdout.write(markdown === true ? featureReference() : featureList());
    });
}
