import { Command } from 'commander';
import { stringify } from 'yaml';
import { type CommonOptions, withConfig } from '../common.ts';
import { IN_FORCE, publishedVersion } from './published.ts';

interface Options extends CommonOptions {
  json?: boolean;
}

export function exportCommand(): Command {
  return withConfig(new Command('export'))
    .description('rules that were published, as a rule file')
    .argument(
      '[hash]',
      `as \`rules ls\` prints it, or its beginning; ${IN_FORCE}: those that scoring judges by now`,
      IN_FORCE,
    )
    .option('--json', 'print them as JSON, with when and by whom they were published')
    .addHelpText(
      'after',
      `
What the rules say, whole; comments and order are not published with them. \`rules diff\` with the file finds no difference.

Example:
  KAFKA_BROKERS=kafka:9092 stillwatch rules export ${IN_FORCE} > in-force.yaml

Exit codes: 0 printed, 1 there are none or Kafka does not answer, 2 wrong use.
`,
    )
    .action(async (which: string, { json, ...common }: Options) => {
      const version = await publishedVersion(common, which);
      const { hash, ...file } = version.rules;
      process.stdout.write(
        json === true
          ? `${JSON.stringify(version)}\n`
          : `# Rules ${hash}, as published.\n${stringify(file, { lineWidth: 0 })}`,
      );
    });
}
