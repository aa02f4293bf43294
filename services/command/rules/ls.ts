import { Command } from 'commander';
import { type CommonOptions, withConfig } from '../common.ts';
import { formatTable, formatTime } from '../table.ts';
import { publishedVersions } from './published.ts';

interface Options extends CommonOptions {
  json?: boolean;
}

export function lsCommand(): Command {
  return withConfig(new Command('ls'))
    .description('every version of the rules that was published, and from when on it holds')
    .option('--json', 'print them as JSON, whole')
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 stillwatch rules ls\n\nExit codes: 0 listed, 1 Kafka does not answer, 2 wrong use.\n',
    )
    .action(async ({ json, ...common }: Options) => {
      const versions = await publishedVersions(common);
      if (json === true) process.stdout.write(`${JSON.stringify(versions)}\n`);
      else
        process.stdout.write(
          `${formatTable(
            ['rules', 'hold from (event time)', 'published', 'by'],
            versions.map(({ rules, effective_at, published_at, origin }) => [
              rules.hash,
              effective_at === 0 ? 'the beginning' : formatTime(effective_at),
              formatTime(published_at),
              origin,
            ]),
          )}\n`,
        );
    });
}
