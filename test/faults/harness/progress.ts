import { offsetsGroup } from '../../../services/notify/position.ts';
import type { ClickHouse } from '../../../services/platform/clickhouse.ts';
import { PLAIN_WEBHOOK } from '../../../services/platform/config/notify-schema.ts';
import { SINK_OFFSETS } from '../../../services/sink/lane.ts';
import type { Admin } from '../../../services/stream/kafka/client.ts';
import { readCommitted } from '../../../services/stream/kafka/committed.ts';
import { TOPICS } from '../../../services/stream/topics.ts';
import type { Recorder } from '../../support/pipeline.ts';

export interface ProgressDeps {
  admin: Admin;
  clickHouse: ClickHouse;
  database: string;
  partitions: number;
  webhook: Recorder;
}

const STORED_TOPICS = [
  TOPICS.accountWindows,
  TOPICS.clusterWindows,
  TOPICS.assignments,
  TOPICS.memberships,
  TOPICS.alerts,
  TOPICS.deadLetters,
  TOPICS.deliveries,
  TOPICS.undelivered,
];

/** Alert messages that notify has not settled. */
export async function alertsUntold(admin: Admin): Promise<number> {
  const [stored] = await admin.fetchOffsets({ groupId: offsetsGroup(PLAIN_WEBHOOK), topics: [TOPICS.alerts] });
  let untold = 0;
  for (const { partition, high } of await admin.fetchTopicOffsets(TOPICS.alerts)) {
    const offset = stored?.partitions.find((entry) => entry.partition === partition)?.offset ?? '0';
    untold += Number(high) - Math.max(0, Number(offset));
  }
  return untold;
}

/** Has notify begin with the first alert again, as after a crash: it tells the same ones, under the same ids. It must not run. */
export async function tellAgain(admin: Admin): Promise<void> {
  const partitions = (await admin.fetchTopicOffsets(TOPICS.alerts))
    .filter(({ high }) => Number(high) > 0)
    .map(({ partition, low }) => ({ partition, offset: low }));
  if (partitions.length === 0) return;
  await admin.setOffsets({ groupId: offsetsGroup(PLAIN_WEBHOOK), topic: TOPICS.alerts, partitions });
}

/** Where the topics that the sink stores end now, by `topic/partition`. */
export async function endsOfStored(admin: Admin): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const topic of STORED_TOPICS)
    for (const { partition, high } of await admin.fetchTopicOffsets(topic))
      ends.set(`${topic}/${partition}`, BigInt(high));
  return ends;
}

async function takenBySink(admin: Admin): Promise<Map<string, bigint>> {
  const stored = await admin.fetchOffsets({ groupId: SINK_OFFSETS, topics: [...STORED_TOPICS] });
  return new Map(
    stored.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }): [string, bigint] => [`${topic}/${partition}`, BigInt(offset)]),
    ),
  );
}

/** Null when every task of the scoring step has passed event time `end`. */
export async function whatIsNotScored(
  { admin, partitions }: Pick<ProgressDeps, 'admin' | 'partitions'>,
  end: number,
): Promise<string | null> {
  const scored = await readCommitted(admin, 'score', TOPICS.subjectPartials);
  for (let partition = 0; partition < partitions; partition++) {
    const reached = scored.get(partition)?.watermark ?? 0;
    if (reached < end) return `score/${partition} is at ${new Date(reached).toISOString()}`;
  }
  return null;
}

/**
 * What has still to come before everything up to event time `end` is scored, stored and told; null when nothing has. Asks what is committed, never a
 * service: one that says it is ready may be killed the moment after.
 */
export async function whatIsBehind(deps: ProgressDeps, end: number): Promise<string | null> {
  return (await whatIsNotScored(deps, end)) ?? (await whatIsNotTold(deps, await endsOfStored(deps.admin)));
}

/** What is not stored yet of what these topics held up to `ends`, or of alerts not told; null when nothing is. */
export async function whatIsNotTold(
  { admin, clickHouse, database, webhook }: ProgressDeps,
  ends: ReadonlyMap<string, bigint>,
): Promise<string | null> {
  const stored = await takenBySink(admin);
  for (const [place, high] of ends) {
    const offset = stored.get(place) ?? -1n;
    // Nothing is committed of a partition that never held anything.
    if (high > 0n && offset < high) return `the sink of ${place} is at ${offset} of ${high}`;
  }
  const [alerts] = await clickHouse.query<{ count: string }>(`SELECT count() AS count FROM ${database}.alerts FINAL`);
  const told = new Set(webhook.events.map(({ id }) => id)).size;
  return told < Number(alerts?.count ?? 0) ? `the webhook was told ${told} of ${alerts?.count} alert messages` : null;
}
