import { Command } from 'commander';
import { readUndelivered, type Undelivered } from '../../notify/undelivered.ts';
import { readTopic } from '../../stream/kafka/read-topic.ts';
import { TOPICS } from '../../stream/topics.ts';
import { type CommonOptions, withConfig } from '../common.ts';
import { openCommandKafka } from '../kafka.ts';
import { jsonText } from '../output.ts';
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
      const { codecs, ...kafka } = await openCommandKafka(common, 'notify-undelivered');
      const found: Undelivered[] = [];
      for await (const message of readTopic({ ...kafka, topic: TOPICS.undelivered })) {
        await codecs.prepare([message]);
        const read = readUndelivered(codecs, message);
        if (read.ok && (target === undefined || read.value.target === target)) found.push(read.value);
      }
      if (json === true) for (const entry of found) process.stdout.write(jsonText(entry));
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
