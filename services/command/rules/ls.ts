import { Command } from 'commander';
import { createRulesLedger } from '../../rules/ledger.ts';
import { VOCABULARY } from '../../rules/vocabulary.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { openCommandKafka } from '../kafka.ts';
import { formatTable, formatTime } from '../table.ts';

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
      const ledger = createRulesLedger({ ...(await openCommandKafka(common, 'rules')), vocabulary: VOCABULARY });
      await ledger.start();
      try {
        const versions = await ledger.versions();
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
      } finally {
        await ledger.stop();
      }
    });
}
