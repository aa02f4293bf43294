import { hostname } from 'node:os';
import { Command } from 'commander';
import { readUndelivered, type Undelivered } from '../../notify/undelivered.ts';
import { kafkaSettings, openCodecs, openLog } from '../../run/context.ts';
import { createKafkaClient } from '../../stream/kafka/client.ts';
import { createGlobalTable } from '../../stream/kafka/global-table.ts';
import { TOPICS } from '../../stream/topics.ts';
import { type CommonOptions, configOf, withConfig } from '../common.ts';
import { formatTable, formatTime } from '../table.ts';

interface Options extends CommonOptions {
  target?: string;
  json?: boolean;
}

export function undeliveredCommand(): Command {
  return withConfig(new Command('undelivered'))
    .description(`what targets did not take: the topic ${TOPICS.undelivered}, oldest first; changes nothing`)
    .option('--target <name>', 'only this one')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 stillwatch notify undelivered --target oncall\n\nExit codes: 0 listed, 1 Kafka does not answer, 2 wrong use.\n',
    )
    .action(async ({ target, json, ...common }: Options) => {
      const loaded = configOf(common);
      const { config } = loaded;
      const log = openLog('notify-undelivered', loaded);
      const codecs = await openCodecs(config);
      const kafka = createKafkaClient(kafkaSettings(config, 'stillwatch-notify-undelivered'), log);
      const found: Undelivered[] = [];
      const topic = createGlobalTable({
        kafka,
        log,
        topic: TOPICS.undelivered,
        instance: `undelivered-${hostname()}-${process.pid}`,
        async apply(_, __, messages) {
          await codecs.prepare(messages);
          for (const message of messages) {
            const read = readUndelivered(codecs, message);
            if (read.ok && (target === undefined || read.value.target === target)) found.push(read.value);
          }
        },
      });
      await topic.start();
      try {
        await topic.caughtUp();
      } finally {
        await topic.stop();
      }
      if (json === true) for (const entry of found) process.stdout.write(`${JSON.stringify(entry)}\n`);
      else
        process.stdout.write(
          `${formatTable(
            ['target', 'alert', 'revision', 'status', 'severity', 'published', 'attempts', 'reason'],
            found.map(({ target: name, attempts, reason, event: { alert, emitted_at } }) => [
              name,
              alert.alert_id,
              String(alert.revision),
              alert.status,
              alert.severity,
              formatTime(emitted_at),
              String(attempts),
              reason,
            ]),
          )}\n`,
        );
    });
}
