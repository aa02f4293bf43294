import { TOPICS } from '../topics.ts';
import { stateTopic } from './binding.ts';
import type { Admin } from './client.ts';
import { makeTopics } from './make-topics.ts';

export interface TopicPlan {
  topic: string;
  partitions: number;
  config: Readonly<Record<string, string>>;
  /** Why it is like this: printed by `topics plan`. */
  why: string;
}

const DAYS = 24 * 60 * 60_000;
/** The contract lets a gateway send 10 MB by mistake; it must reach the dead letters whole. */
const LARGE_MESSAGE = String(16 * 1024 * 1024);
/** A letter is a little larger than its original: the largest must not be one that its topic refuses, or its task would never get past it. */
const LARGE_LETTER = String(17 * 1024 * 1024);
/**
 * A gateway may compress as it likes (lz4, snappy, zstd: what other clients do by default), and kafkajs reads gzip only: a fetch that it cannot read never ends.
 * So the broker stores what comes from outside as it is; what would be larger than the limit then, it refuses.
 */
const UNCOMPRESSED = { 'compression.type': 'uncompressed' } as const;

/** Every topic that the product needs. Streams of ours have as many partitions as the calls: a task owns the same number in each. */
export function topicPlan(
  partitions: number,
  steps: readonly { step: string; tasks: 'partition' | 'single' }[],
): TopicPlan[] {
  const stream = (topic: string, retention: number, why: string): TopicPlan => ({
    topic,
    partitions,
    config: {
      'cleanup.policy': 'delete',
      'retention.ms': String(retention),
      'max.message.bytes': LARGE_MESSAGE,
      'message.timestamp.type': 'CreateTime',
    },
    why,
  });
  const outside = (plan: TopicPlan): TopicPlan => ({ ...plan, config: { ...plan.config, ...UNCOMPRESSED } });
  const letters = (plan: TopicPlan): TopicPlan => ({
    ...plan,
    partitions: 1,
    config: { ...plan.config, 'max.message.bytes': LARGE_LETTER },
  });
  return [
    outside(stream(TOPICS.calls, 7 * DAYS, 'input; retention must exceed checkpoint age plus the longest downtime')),
    outside({
      topic: TOPICS.accounts,
      partitions,
      config: {
        'cleanup.policy': 'compact',
        'min.compaction.lag.ms': String(7 * DAYS),
        'max.message.bytes': LARGE_MESSAGE,
      },
      why: 'input, a table; versions stay long enough for a replay to find the one in force',
    }),
    stream(TOPICS.accountWindows, 7 * DAYS, 'what an account did in a window'),
    stream(TOPICS.linkObservations, 7 * DAYS, 'attributes seen for an account'),
    stream(TOPICS.assignments, 30 * DAYS, 'which cluster an account belongs to'),
    stream(TOPICS.subjectPartials, 7 * DAYS, 'contributions to a cluster from each partition of accounts'),
    stream(TOPICS.memberships, 30 * DAYS, 'which accounts are in a sub-population of their cluster'),
    stream(TOPICS.clusterWindows, 7 * DAYS, 'scored windows'),
    stream(TOPICS.alerts, 90 * DAYS, 'output: CloudEvents, subscribed to by alerting systems'),
    {
      topic: TOPICS.rules,
      partitions,
      config: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
      why: 'rules and when they come into force, the same in every partition; kept for good: which rules an alert was made by',
    },
    { ...stream(TOPICS.deliveries, 30 * DAYS, 'which alert messages targets of notify took, and when'), partitions: 1 },
    {
      ...stream(TOPICS.undelivered, 90 * DAYS, 'alert messages that a target of notify did not take, as they were'),
      partitions: 1,
    },
    letters(stream(TOPICS.deadLetters, 30 * DAYS, 'messages that could not be processed, as they were')),
    {
      topic: TOPICS.requeued,
      partitions: 1,
      config: { 'cleanup.policy': 'compact' },
      why: 'which dead letters were requeued; kept for good, so that none is requeued twice however long the letters are kept',
    },
    stream(TOPICS.lateCalls, 30 * DAYS, 'calls that came after their windows were final'),
    ...steps.map(({ step, tasks }) => ({
      topic: stateTopic(step),
      partitions: tasks === 'single' ? 1 : partitions,
      config: {
        'cleanup.policy': 'delete',
        'retention.ms': '-1',
        'retention.bytes': '-1',
        'max.message.bytes': LARGE_MESSAGE,
      },
      why: `state of ${step}: kept until its task deletes what no restore needs`,
    })),
  ];
}

export interface TopicChange {
  plan: TopicPlan;
  /** `differs`: it exists with another number of partitions; never changed by us, since keys would move. */
  action: 'create' | 'keep' | 'differs';
  existing: number | null;
}

export async function compareTopics(admin: Admin, plans: readonly TopicPlan[]): Promise<TopicChange[]> {
  const names = new Set(await admin.listTopics());
  const known = plans.map(({ topic }) => topic).filter((topic) => names.has(topic));
  const metadata = known.length === 0 ? { topics: [] } : await admin.fetchTopicMetadata({ topics: known });
  const counts = new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  return plans.map((plan): TopicChange => {
    const existing = counts.get(plan.topic) ?? null;
    if (existing === null) return { plan, action: 'create', existing };
    return { plan, action: existing === plan.partitions ? 'keep' : 'differs', existing };
  });
}

/** Creates what is missing; changes nothing that exists. */
export async function createTopics(
  admin: Admin,
  changes: readonly TopicChange[],
  replicationFactor: number,
): Promise<void> {
  const topics = changes
    .filter(({ action }) => action === 'create')
    .map(({ plan }) => ({
      topic: plan.topic,
      numPartitions: plan.partitions,
      replicationFactor,
      configEntries: Object.entries({
        ...plan.config,
        ...(replicationFactor >= 3 ? { 'min.insync.replicas': '2' } : {}),
      }).map(([name, value]) => ({ name, value })),
    }));
  if (topics.length > 0) await makeTopics(admin, topics);
}
