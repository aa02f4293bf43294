import type { Admin } from '../../services/stream/kafka/client.ts';
import { offsetsGroup } from '../../services/stream/kafka/committed.ts';
import { untilAnswered } from '../../services/stream/kafka/until-answered.ts';

/** The broker makes its own topic of offsets at the first use, and refuses commits while it does; a service tries again, who measures does not. */
const COORDINATOR_STARTS: ReadonlySet<string> = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);
const PATIENCE_MS = 30_000;

/** Offsets that a step has committed, in all partitions of the topic together, once its coordinator serves. */
export async function committedBy(admin: Admin, step: string, topic: string): Promise<number> {
  const ask = () => admin.fetchOffsets({ groupId: offsetsGroup(step), topics: [topic] });
  const [answer] = await untilAnswered(ask, COORDINATOR_STARTS, PATIENCE_MS);
  return (answer?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}
