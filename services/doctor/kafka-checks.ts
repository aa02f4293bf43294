import type { Config } from '../platform/config/schema.ts';
import { plannedTopics } from '../stream/kafka/all-topics.ts';
import type { Admin } from '../stream/kafka/client.ts';
import { compareTopics } from '../stream/kafka/topic-plan.ts';
import { type Check, ok } from './check.ts';

export function kafkaChecks(admin: Admin, config: Config): Check[] {
  return [
    {
      name: 'kafka',
      needs: [],
      mend: 'check KAFKA_BROKERS, and kafka.ssl and kafka.sasl_mechanism',
      async look() {
        await admin.connect();
        const { brokers } = await admin.describeCluster();
        const wanted = config.topics.replication_factor;
        if (brokers.length >= wanted) return ok(`${brokers.length} broker(s) at ${config.kafka.brokers}`);
        return {
          outcome: 'fail',
          what: `${brokers.length} broker(s) answer, topics.replication_factor is ${wanted}`,
          mend: 'start the missing brokers, or set topics.replication_factor to what there is',
        };
      },
    },
    {
      name: 'topics',
      needs: ['kafka'],
      mend: 'grant the user what `stillwatch access kafka operator` prints',
      async look() {
        const changes = await compareTopics(admin, plannedTopics(config));
        const missing = changes.filter(({ action }) => action === 'create').map(({ plan }) => plan.topic);
        if (missing.length > 0)
          return {
            outcome: 'fail',
            what: `${missing.length} missing: ${missing.join(', ')}`,
            mend: 'stillwatch topics apply',
          };
        const different = changes.filter(({ action }) => action === 'differs');
        if (different.length === 0) return ok(`all ${changes.length} are there`);
        return {
          outcome: 'fail',
          what: different
            .map(({ plan, existing }) => `${plan.topic} has ${existing} partitions, not ${plan.partitions}`)
            .join('; '),
          mend: 'set topics.partitions to what the calls have; a topic of ours with another number is made anew: stop the services, delete it, stillwatch topics apply',
        };
      },
    },
  ];
}
