import { Command } from 'commander';
import { publish, rehearsePublish } from '../publish/publish.ts';
import { createCodecs } from '../records/codec/codecs.ts';
import { kafkaSettings, openCodecs, openLog } from '../run/context.ts';
import { createKafkaClient } from '../stream/kafka/client.ts';
import { bytesOf, type CommonOptions, configOf, lineErrors, positive, requireFiles, withConfig } from './common.ts';
import { createProgress } from './progress.ts';

interface Options extends CommonOptions {
  calls: string[];
  accounts: string[];
  speed?: number;
  dryRun?: boolean;
  json?: boolean;
}

export function publishCommand(): Command {
  return withConfig(new Command('publish'))
    .description('files to Kafka, as a gateway would send them')
    .option('--calls <files...>', 'calls*.jsonl, each ordered by occurred_at; plain or .gz', [])
    .option('--accounts <files...>', 'accounts*.jsonl', [])
    .option(
      '--speed <factor>',
      'event time that passes in a unit of wall time, e.g. 1440 for a day a minute; without it, as fast as Kafka takes them',
      positive,
    )
    .option('--dry-run', 'read it all and count what would be sent; sends nothing, and asks no broker')
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 stillwatch publish --calls /tmp/traffic/calls.jsonl --accounts /tmp/traffic/accounts.jsonl --speed 1440\n\nExit codes: 0 published, with bad lines too, which are reported and left out; 1 a file cannot be read or Kafka does not answer; 2 wrong use.\n',
    )
    .action(async ({ calls, accounts, speed, dryRun, json, ...common }: Options) => {
      requireFiles([...calls, ...accounts]);
      const loaded = configOf(common);
      const { config } = loaded;
      const bar = createProgress(process.stderr, Date.now);
      const errors = lineErrors(bar.say);
      const size = bytesOf(calls);
      const abort = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
      process.on('disconnect', () => process.exit(1));
      const input = { codecs: createCodecs(null), calls, accounts, onLineError: errors.report };
      const sent =
        dryRun === true
          ? await rehearsePublish(input)
          : await publish({
              ...input,
              kafka: createKafkaClient(kafkaSettings(config, 'stillwatch-publish'), openLog('publish', loaded)),
              codecs: await openCodecs(config),
              speed: speed ?? null,
              progress(count, eventTime, bytes) {
                process.send?.({ sent: count, eventTime });
                bar.at(bytes / size, `${count} calls`);
              },
              monotonicNow: () => performance.now(),
              signal: abort.signal,
            });
      bar.end();
      if (json === true) process.stdout.write(`${JSON.stringify({ ...sent, bad_lines: errors.count() })}\n`);
      else
        process.stdout.write(
          `${dryRun === true ? 'would publish' : 'published'} ${sent.accounts} accounts and ${sent.calls} calls; ${errors.count()} bad lines left out\n`,
        );
    });
}
