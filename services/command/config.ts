import { Command } from 'commander';
import { listConfig, printConfig } from '../platform/config/load.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';

interface Options extends CommonOptions {
  origin?: boolean;
  json?: boolean;
}

/** `stillwatch config`. */
export function configCommand(): Command {
  const config = new Command('config').description('the configuration');
  withConfig(config.command('print'))
    .description('every setting in force, secrets masked')
    .option('--origin', 'where each comes from')
    .option('--json', 'print them as JSON, with where each comes from')
    .addHelpText(
      'after',
      '\nStrongest first: --set, environment (KAFKA_BROKERS, CLICKHOUSE_URL, SCHEMA_REGISTRY_URL, STILLWATCH_<SECTION>_<KEY>), the file, the default.\n\nExample:\n  stillwatch config print --config stillwatch.yaml --origin\n\nExit codes: 0 printed, 1 the configuration has errors, 2 wrong use.\n',
    )
    .action(({ origin, json, ...common }: Options) => {
      const loaded = configOf(common);
      process.stdout.write(
        json === true ? `${JSON.stringify(listConfig(loaded))}\n` : `${printConfig(loaded, origin === true)}\n`,
      );
    });
  return config;
}
