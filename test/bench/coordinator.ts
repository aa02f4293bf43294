import type { Admin } from '../../services/stream/kafka/client.ts';
import { offsetsGroup } from '../../services/stream/kafka/committed.ts';
import { COORDINATOR_STARTS, untilAnswered } from '../../services/stream/kafka/until-answered.ts';

const PATIENCE_MS = 30_000;

/** Offsets that a step has committed, in all partitions of the topic together, once its coordinator serves. */
export async function committedBy(admin: Admin, step: string, topic: string): Promise<number> {
  const ask = () => admin.fetchOffsets({ groupId: offsetsGroup(step), topics: [topic] });
  const [answer] = await untilAnswered(ask, COORDINATOR_STARTS, PATIENCE_MS);
  return (answer?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

/** Messages of the topic that a step has still to commit. */
export async function behindIn(admin: Admin, step: string, topic: string): Promise<number> {
  const committed = await committedBy(admin, step, topic);
  const ends = await admin.fetchTopicOffsets(topic);
  return ends.reduce((sum, { high }) => sum + Number(high), 0) - committed;
}
