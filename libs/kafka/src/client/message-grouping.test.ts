import { createRequire } from 'node:module';

import { expect, it } from '@jest/globals';
import fc from 'fast-check';

import { groupByPartition } from './message-grouping.ts';

const original: typeof groupByPartition<number> = createRequire(import.meta.url)(
  'kafkajs/src/producer/groupMessagesPerPartition',
);

it('groups as the client itself does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000)), fc.nat(12), (messages, partitions) => {
      const given = {
        topic: 't',
        partitionMetadata: Array.from({ length: partitions }, () => ({})),
        messages,
        partitioner: ({ message }: { message: number }): number => message % partitions,
      };
      expect(groupByPartition(given)).toEqual(original(given));
    }),
  );
});
