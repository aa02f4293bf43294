import { Command } from 'commander';
import { kafkaSettings, openLog } from '../run/context.ts';
import { plannedTopics } from '../stream/kafka/all-topics.ts';
import { createKafkaClient } from '../stream/kafka/client.ts';
import { compareTopics, createTopics } from '../stream/kafka/topic-plan.ts';
import { type CommonOptions, configOf, withConfig } from './common.ts';

export function topicsCommand(): Command {
  const topics = new Command('topics').description('the Kafka topics that stillwatch needs');
  withConfig(topics.command('plan'))
    .description('say what would be created; changes nothing')
    .action((options: CommonOptions) => compare(options, false));
  withConfig(topics.command('apply'))
    .description('create what is missing; changes nothing that exists')
    .action((options: CommonOptions) => compare(options, true));
  return topics;
}

async function compare(options: CommonOptions, apply: boolean): Promise<void> {
  const loaded = configOf(options);
  const { config } = loaded;
  const log = openLog('topics', loaded);
  const admin = createKafkaClient(kafkaSettings(config, 'stillwatch-topics'), log).admin();
  await admin.connect();
  try {
    const changes = await compareTopics(admin, plannedTopics(config));
    if (apply) await createTopics(admin, changes, config.topics.replication_factor);
    for (const { plan, action, existing } of changes) {
      const what =
        action === 'create'
          ? apply
            ? 'created'
            : 'to create'
          : action === 'keep'
            ? 'is there'
            : `DIFFERS: has ${existing} partitions, not ${plan.partitions}; left as it is`;
      process.stdout.write(
        `${plan.topic.padEnd(32)} ${String(plan.partitions).padStart(3)} partitions  ${what.padEnd(10)} ${plan.why}\n`,
      );
    }
  } finally {
    await admin.disconnect();
  }
}
