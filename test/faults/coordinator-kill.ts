import { consumerGroup, transactionalId } from '../../services/stream/kafka/binding.ts';
import { withAdmin } from '../../services/stream/kafka/with-admin.ts';
import { killAndStart } from './brokers.ts';
import type { Fault } from './fault.ts';
import { inTurn } from './harness/choose.ts';
import type { Rig } from './harness/rig.ts';

/** What a broker is to a service; each is the leader of a partition of a topic, which is found as Kafka finds it. */
const ROLES: Readonly<Record<string, (partition: number) => { topic: string; key: string | number }>> = {
  'leader of its output': (partition) => ({ topic: 'stillwatch.account-windows', key: partition }),
  'coordinator of its group': () => ({ topic: '__consumer_offsets', key: consumerGroup('calls') }),
  'coordinator of its transactions': (partition) => ({
    topic: '__transaction_state',
    key: transactionalId('calls', partition),
  }),
};

export const coordinatorKill: Fault = {
  name: 'coordinator-kill',
  what: 'of three brokers, the one killed with -9 that leads the output of calls, or coordinates its group or its transactions',
  perHundred: 30,
  roundsPerStack: 10,
  brokers: 3,
  async round(rig, random, round) {
    const [role, place] = inTurn(Object.entries(ROLES), round);
    const { topic, key } = place(random.below(rig.partitions));
    const leader = await leaderOf(rig, topic, key);
    const node = rig.kafka.nodes.find(({ id }) => id === leader);
    if (node === undefined) throw new Error(`${topic} is led by broker ${leader}, which is none of ours`);
    return `broker ${leader}, ${role} (${key}), ${await killAndStart(node, random)}`;
  },
};

async function leaderOf({ client }: Rig, topic: string, key: string | number): Promise<number> {
  const { topics } = await withAdmin(client, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  const partitions = topics.flatMap((one) => one.partitions);
  const at = typeof key === 'number' ? key : Math.abs(hashOf(key)) % partitions.length;
  const found = partitions.find(({ partitionId }) => partitionId === at);
  if (found === undefined || found.leader < 0) throw new Error(`${topic} has no leader for ${key}`);
  return found.leader;
}

/** Java's String.hashCode, by which a broker finds the partition of a group or a transactional id. */
function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}
