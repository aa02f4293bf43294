import { Command } from 'commander';
import { publish } from '../publish/publish.ts';
import { kafkaSettings, openCodecs, openLog } from '../run/context.ts';
import { createKafkaClient } from '../stream/kafka/client.ts';
import { type CommonOptions, configOf, lineErrors, requireFiles, withConfig } from './common.ts';

interface Options extends CommonOptions {
  calls: string[];
  accounts: string[];
  speed?: string;
}

export function publishCommand(): Command {
  return withConfig(new Command('publish'))
    .description('files to Kafka, as a gateway would send them')
    .option('--calls <files...>', 'calls*.jsonl, each ordered by occurred_at; plain or .gz', [])
    .option('--accounts <files...>', 'accounts*.jsonl', [])
    .option(
      '--speed <factor>',
      'event time that passes in a unit of wall time, e.g. 1440 for a day a minute; without it, as fast as Kafka takes them',
    )
    .addHelpText(
      'after',
      '\nExample:\n  stillwatch publish --calls /tmp/traffic/calls.jsonl --accounts /tmp/traffic/accounts.jsonl --speed 1440\n',
    )
    .action(async ({ calls, accounts, speed, ...common }: Options, command: Command) => {
      requireFiles([...calls, ...accounts]);
      const factor = speed === undefined ? null : Number(speed);
      if (factor !== null && !(factor > 0))
        return command.error(`error: --speed ${speed} is not a positive number`, { exitCode: 2 });
      const loaded = configOf(common);
      const { config } = loaded;
      const log = openLog('publish', loaded);
      const kafka = createKafkaClient(kafkaSettings(config, 'stillwatch-publish'), log);
      const errors = lineErrors((line) => process.stderr.write(`${line}\n`));
      const abort = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
      process.on('disconnect', () => process.exit(1));
      const sent = await publish({
        kafka,
        codecs: await openCodecs(config),
        calls,
        accounts,
        speed: factor,
        onLineError: errors.report,
        progress: (count, eventTime) => process.send?.({ sent: count, eventTime }),
        monotonicNow: () => performance.now(),
        signal: abort.signal,
      });
      process.stdout.write(
        `published ${sent.accounts} accounts and ${sent.calls} calls; ${errors.count()} bad lines left out\n`,
      );
    });
}
