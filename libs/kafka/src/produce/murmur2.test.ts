import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';

import { partitionOf } from './murmur2.ts';

describe('partitionOf', () => {
  it('chooses the partition that the client chooses', () => {
    const choose = Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (bytes, partitions) => {
        const key = Buffer.from(bytes);
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          partitionErrorCode: 0,
          partitionId,
          leader: 1,
          replicas: [1],
          isr: [1],
        }));
        expect(partitionOf(key, partitions)).toBe(
          choose({ topic: 't', partitionMetadata, message: { key, value: null } }),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes text as UTF-8', () => {
    expect(partitionOf('grüße', 1_000)).toBe(partitionOf(Buffer.from('grüße'), 1_000));
  });
});
