import { StillwatchError } from '../platform/errors.ts';
import type { Codecs } from '../records/codec/codecs.ts';
import { MINUTE, windowEnd } from '../records/window.ts';
import type { Admin, KafkaClient } from '../stream/kafka/client.ts';
import { readCommitted } from '../stream/kafka/committed.ts';
import { COORDINATOR_STARTS, untilAnswered } from '../stream/kafka/until-answered.ts';
import { withAdmin } from '../stream/kafka/with-admin.ts';
import { TOPICS } from '../stream/topics.ts';
import { rulesMessage } from './message.ts';
import type { Rules } from './schema.ts';
import type { RulesVersion } from './version.ts';

/** Transactional id of whoever publishes rules: two at once fence one another instead of interleaving. */
export const RULES_PUBLISHER = 'stillwatch.rules';
/** Event time that may pass between asking where scoring stands and every task having the new rules. */
const LEAD = 5 * MINUTE;
/** Milliseconds: what a broker takes to read a group's offsets anew, with room to spare. */
const COORDINATOR_PATIENCE = 20_000;

export interface PublishDeps {
  kafka: KafkaClient;
  codecs: Codecs;
  now(): number;
}

export interface Published {
  version: RulesVersion;
  /** Scoring had already reached the moment when all had the rules: windows that end there may be judged by the old ones. */
  late: boolean;
}

/**
 * Publishes rules to every partition in one transaction: all scoring tasks get them or none does. They come into force at a whole hour of event time that no
 * task has reached, so all of them change at the same window, and so does a replay that is told the time. Before anything was scored: from the beginning.
 */
export async function publishRules(
  { kafka, codecs, now }: PublishDeps,
  rules: Rules,
  origin: RulesVersion['origin'],
  at: number | null,
): Promise<Published> {
  return await withAdmin(kafka, async (admin) => {
    const version = { effective_at: await effectiveAt(admin, at), published_at: now(), origin, rules };
    const partitions = await admin.fetchTopicOffsets(TOPICS.rules);
    const message = rulesMessage(codecs, version);
    const producer = kafka.transactionalProducer(RULES_PUBLISHER);
    await producer.connect();
    try {
      const transaction = await producer.transaction();
      try {
        await transaction.send({
          topic: TOPICS.rules,
          messages: partitions.map(({ partition }) => ({ ...message, partition })),
        });
      } catch (error) {
        // An open transaction would hold up everybody who reads the topic until it times out.
        await transaction.abort();
        throw error;
      }
      await transaction.commit();
    } finally {
      await producer.disconnect();
    }
    const reached = await furthestScored(admin);
    return { version, late: reached !== null && reached >= version.effective_at };
  });
}

/** What `publishRules` would publish now. Changes nothing. */
export async function rehearseRules(
  { kafka, now }: Omit<PublishDeps, 'codecs'>,
  rules: Rules,
  origin: RulesVersion['origin'],
  at: number | null,
): Promise<RulesVersion> {
  return await withAdmin(kafka, async (admin) => ({
    effective_at: await effectiveAt(admin, at),
    published_at: now(),
    origin,
    rules,
  }));
}

/** When rules that are published now come into force. */
async function effectiveAt(admin: Admin, at: number | null): Promise<number> {
  const furthest = await furthestScored(admin);
  const effective = at ?? (furthest === null ? 0 : windowEnd('hour', furthest + LEAD));
  if (furthest !== null && effective <= furthest)
    throw new StillwatchError(
      'RULES_INVALID',
      `windows up to ${new Date(furthest).toISOString()} of event time are judged already; rules cannot come into force at ${new Date(effective).toISOString()}`,
      'choose a later time, or none for the next whole hour',
    );
  return effective;
}

/** Event time up to which the furthest scoring task has judged; null when none ever has. */
export async function furthestScored(admin: Admin): Promise<number | null> {
  const committed = await untilAnswered(
    () => readCommitted(admin, 'score', TOPICS.subjectPartials),
    COORDINATOR_STARTS,
    COORDINATOR_PATIENCE,
  );
  const reached = Math.max(0, ...[...committed.values()].map(({ watermark }) => watermark));
  return reached === 0 ? null : reached;
}
