import type { Assigner, PartitionAssigner } from 'kafkajs';

import { AssignerProtocol } from '../client/kafkajs.ts';
import type { TopicPartition } from './partition-log.ts';

const VERSION = 0;

/** Gives one partition to every member of a group, and the others to nobody: the client has no other way to read just one. */
export function assignerOf({ topic, partition }: TopicPartition): PartitionAssigner {
  const userData = Buffer.alloc(0);
  const memberAssignment = AssignerProtocol.MemberAssignment.encode({
    version: VERSION,
    assignment: { [topic]: [partition] },
    userData,
  });
  const assigner: Assigner = {
    name: 'SinglePartition',
    version: VERSION,
    assign: async ({ members }) => members.map(({ memberId }) => ({ memberId, memberAssignment })),
    protocol: ({ topics }) => ({
      name: 'SinglePartition',
      metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData }),
    }),
  };
  return () => assigner;
}
