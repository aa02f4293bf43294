import { createRequire } from 'node:module';
import type { Assigner, PartitionAssigner } from 'kafkajs';
import type { KnownMember } from './rejoin.ts';

/**
 * Assigns tasks, not partitions: all partitions of one task, over all topics of the step, go to one member. kafkajs' own assigner deals out topic by
 * topic, so that a task's inputs would end up in different processes.
 *
 * With `single`, one member gets everything and the others stand by. Members are ordered by id, so the same members give the same assignment.
 */
export function taskAssigner(
  tasks: 'partition' | 'single',
  knownAs: KnownMember['knownAs'] = () => null,
): PartitionAssigner {
  const { AssignerProtocol }: typeof import('kafkajs') = createRequire(import.meta.url)('kafkajs');
  const name = `stillwatch-${tasks}`;
  return ({ cluster }): Assigner & KnownMember => ({
    name,
    knownAs,
    version: 1,
    async assign({ members, topics }) {
      const ids = members.map((member) => member.memberId).sort();
      return ids.map((memberId, place) => {
        const assignment: Record<string, number[]> = {};
        for (const topic of topics) {
          const partitions = cluster.findTopicPartitionMetadata(topic).map((metadata) => metadata.partitionId);
          assignment[topic] = partitions
            .filter((partition) => (tasks === 'single' ? 0 : partition) % ids.length === place)
            .sort((a, b) => a - b);
        }
        return {
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({
            version: 1,
            assignment,
            userData: Buffer.alloc(0),
          }),
        };
      });
    },
    protocol: ({ topics }) => ({
      name,
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
    }),
  });
}
