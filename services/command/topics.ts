import { Command } from 'commander';
import { kafkaSettings, openLog } from '../run/context.ts';
import { plannedTopics } from '../stream/kafka/all-topics.ts';
import { createKafkaClient } from '../stream/kafka/client.ts';
import { compareTopics, createTopics, type TopicChange } from '../stream/kafka/topic-plan.ts';
import { withAdmin } from '../stream/kafka/with-admin.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';

interface Options extends CommonOptions {
  json?: boolean;
}

export function topicsCommand(): Command {
  const topics = new Command('topics').description('the Kafka topics that stillwatch needs');
  withConfig(topics.command('plan'))
    .description('say what would be created; changes nothing')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 stillwatch topics plan\n\nExit codes: 0 told, whether some are missing or not; 1 Kafka does not answer; 2 wrong use.\n',
    )
    .action((options: Options) => compare(options, false));
  withConfig(topics.command('apply'))
    .description('create what is missing; changes nothing that exists')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  KAFKA_BROKERS=kafka:9092 stillwatch topics apply --set topics.partitions=12 --set topics.replication_factor=3\n\nExit codes: 0 all are there; 1 Kafka does not answer, or refuses; 2 wrong use.\n',
    )
    .action((options: Options) => compare(options, true));
  return topics;
}

async function compare({ json, ...options }: Options, apply: boolean): Promise<void> {
  const loaded = configOf(options);
  const { config } = loaded;
  const kafka = createKafkaClient(kafkaSettings(config, 'stillwatch-topics'), openLog('topics', loaded));
  const changes = await withAdmin(kafka, async (admin) => {
    const compared = await compareTopics(admin, plannedTopics(config));
    if (apply) await createTopics(admin, compared, config.topics.replication_factor);
    return compared;
  });
  if (json === true) process.stdout.write(`${JSON.stringify(changes.map((change) => listed(change, apply)))}\n`);
  else process.stdout.write(changes.map((change) => line(change, apply)).join(''));
}

function listed({ plan, action, existing }: TopicChange, apply: boolean) {
  return { ...plan, existing_partitions: existing, action: action === 'create' && apply ? 'created' : action };
}

function line({ plan, action, existing }: TopicChange, apply: boolean): string {
  const what =
    action === 'create'
      ? apply
        ? 'created'
        : 'to create'
      : action === 'keep'
        ? 'is there'
        : `DIFFERS: has ${existing} partitions, not ${plan.partitions}; left as it is`;
  return `${plan.topic.padEnd(32)} ${String(plan.partitions).padStart(3)} partitions  ${what.padEnd(10)} ${plan.why}\n`;
}
