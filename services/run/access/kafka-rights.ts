import { REQUEUER } from '../../dead-letters/requeue.ts';
import { REQUEUED_TOPICS } from '../../dead-letters/way-back.ts';
import { NOTIFY_GROUPS } from '../../notify/position.ts';
import type { Config } from '../../platform/config/schema.ts';
import { RULES_PUBLISHER } from '../../rules/publish.ts';
import { SINK_GROUP, SINK_OFFSETS, SINK_TRANSACTIONS } from '../../sink/lane.ts';
import { consumerGroup, stateTopic, transactionalIds } from '../../stream/kafka/binding.ts';
import { offsetsGroup } from '../../stream/kafka/committed.ts';
import { tableGroups } from '../../stream/kafka/global-table.ts';
import { readGroups } from '../../stream/kafka/read-topic.ts';
import { TOPICS } from '../../stream/topics.ts';

/** Read, Write and Delete include Describe. */
export type Operation = 'Read' | 'Write' | 'Create' | 'Delete' | 'Describe';

/** Operations on one resource of Kafka, or on all whose names begin like it. */
export interface KafkaRight {
  resource: 'topic' | 'group' | 'transactional-id';
  name: string;
  pattern: 'literal' | 'prefixed';
  operations: readonly Operation[];
}

/**
 * Who comes to Kafka: the services; the gateways (and `stillwatch publish`); whoever makes topics, applies rules and looks at what was not delivered; and whoever
 * looks at dead letters and sends them back, who sees prompts.
 */
export const KAFKA_PRINCIPALS = [
  'calls',
  'links',
  'clusters',
  'sink',
  'notify',
  'console',
  'gateway',
  'operator',
  'dlq',
] as const;
export type KafkaPrincipal = (typeof KAFKA_PRINCIPALS)[number];

/** Everything that each needs, and nothing else: tried on a real broker, with each right taken away in turn. */
export const KAFKA_RIGHTS: Readonly<Record<KafkaPrincipal, readonly KafkaRight[]>> = {
  calls: [
    ...stepRights('calls', {
      reads: [TOPICS.calls],
      writes: [TOPICS.accountWindows, TOPICS.linkObservations, TOPICS.lateCalls, TOPICS.deadLetters],
    }),
    ...tableRights(TOPICS.accounts),
  ],
  links: stepRights('links', {
    reads: [TOPICS.linkObservations, TOPICS.accounts],
    writes: [TOPICS.assignments, TOPICS.deadLetters],
  }),
  clusters: merged([
    ...stepRights('premerge', {
      reads: [TOPICS.accountWindows, TOPICS.assignments],
      writes: [TOPICS.subjectPartials, TOPICS.memberships, TOPICS.deadLetters],
    }),
    ...stepRights('score', {
      reads: [TOPICS.subjectPartials, TOPICS.rules],
      writes: [TOPICS.clusterWindows, TOPICS.alerts, TOPICS.deadLetters],
    }),
    ...tableRights(TOPICS.rules),
    topic(TOPICS.rules, 'Write'),
    transactions(RULES_PUBLISHER, 'literal'),
  ]),
  sink: [
    ...[
      TOPICS.accountWindows,
      TOPICS.clusterWindows,
      TOPICS.assignments,
      TOPICS.memberships,
      TOPICS.alerts,
      TOPICS.deadLetters,
      TOPICS.deliveries,
      TOPICS.undelivered,
    ].map((name) => topic(name, 'Read')),
    group(SINK_GROUP, 'literal', 'Read'),
    group(SINK_OFFSETS, 'literal', 'Read'),
    transactions(SINK_TRANSACTIONS, 'prefixed'),
  ],
  notify: [
    topic(TOPICS.alerts, 'Read'),
    topic(TOPICS.deliveries, 'Write'),
    topic(TOPICS.undelivered, 'Write'),
    group(NOTIFY_GROUPS, 'prefixed', 'Read'),
    transactions(NOTIFY_GROUPS, 'prefixed'),
  ],
  console: tableRights(TOPICS.rules),
  gateway: [topic(TOPICS.calls, 'Write'), topic(TOPICS.accounts, 'Write')],
  operator: [
    { resource: 'topic', name: 'stillwatch.', pattern: 'prefixed', operations: ['Create', 'Describe'] },
    topic(TOPICS.calls, 'Create', 'Describe'),
    topic(TOPICS.accounts, 'Create', 'Describe'),
    topic(TOPICS.rules, 'Read', 'Write'),
    group(offsetsGroup('score'), 'literal', 'Describe'),
    transactions(RULES_PUBLISHER, 'literal'),
    group(tableGroups(TOPICS.rules), 'prefixed', 'Read'),
    ...readRights(TOPICS.undelivered),
  ],
  dlq: [
    ...readRights(TOPICS.deadLetters),
    ...readRights(TOPICS.requeued),
    ...[...REQUEUED_TOPICS, TOPICS.requeued].map((name) => topic(name, 'Write')),
    transactions(REQUEUER, 'literal'),
  ],
};

/** Those of one principal under a configuration: a console whose responders may requeue does what whoever mends gateways does. */
export function kafkaRightsOf(
  principal: KafkaPrincipal,
  { console }: { console: Pick<Config['console'], 'requeue'> },
): readonly KafkaRight[] {
  const own = KAFKA_RIGHTS[principal];
  return principal === 'console' && console.requeue ? merged([...own, ...KAFKA_RIGHTS.dlq]) : own;
}

/** A step reads its inputs and its own state, which it also writes and cuts off behind itself, and commits all of it in transactions of its own. */
export function stepRights(
  step: string,
  { reads, writes }: { reads: readonly string[]; writes: readonly string[] },
): KafkaRight[] {
  return [
    ...reads.map((name) => topic(name, 'Read')),
    ...writes.map((name) => topic(name, 'Write')),
    topic(stateTopic(step), 'Read', 'Write', 'Delete'),
    group(consumerGroup(step), 'literal', 'Read'),
    group(offsetsGroup(step), 'literal', 'Read'),
    transactions(transactionalIds(step), 'prefixed'),
  ];
}

/** A topic read whole by every process, in a group of its own. */
function tableRights(name: string): KafkaRight[] {
  return [topic(name, 'Read'), group(tableGroups(name), 'prefixed', 'Read')];
}

/** A topic read to its end by a command. */
function readRights(name: string): KafkaRight[] {
  return [topic(name, 'Read'), group(readGroups(name), 'prefixed', 'Read')];
}

function topic(name: string, ...operations: Operation[]): KafkaRight {
  return { resource: 'topic', name, pattern: 'literal', operations };
}

function group(name: string, pattern: KafkaRight['pattern'], ...operations: Operation[]): KafkaRight {
  return { resource: 'group', name, pattern, operations };
}

function transactions(name: string, pattern: KafkaRight['pattern']): KafkaRight {
  return { resource: 'transactional-id', name, pattern, operations: ['Write'] };
}

/** One entry for each resource. */
export function merged(rights: readonly KafkaRight[]): KafkaRight[] {
  const known = new Map<string, KafkaRight>();
  for (const right of rights) {
    const key = `${right.resource} ${right.pattern} ${right.name}`;
    const operations = new Set([...(known.get(key)?.operations ?? []), ...right.operations]);
    known.set(key, { ...right, operations: [...operations] });
  }
  return [...known.values()];
}
