import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type BatchClass, type FetchedPartition, quickBatch } from './quick-batch.ts';

const Original: BatchClass = createRequire(import.meta.url)('kafkajs/src/consumer/batch');
const Quick = quickBatch(Original);

const partition = fc.record({
  partition: fc.nat(20),
  highWatermark: fc.nat().map(String),
  abortedTransactions: fc.constantFrom([], null, [{ producerId: '1', firstOffset: '5' }]),
  first: fc.oneof(fc.nat(100), fc.constant(2 ** 53 - 3)),
  control: fc.array(fc.boolean(), { maxLength: 20 }),
});
type Given = typeof partition extends fc.Arbitrary<infer T> ? T : never;

function fetched({ first, control, ...rest }: Given): FetchedPartition {
  const messages = control.map((isControlRecord, at) => ({
    offset: String(BigInt(first) + BigInt(at)),
    isControlRecord,
    key: null,
    batchContext: { producerId: '1', inTransaction: true },
  }));
  return { ...rest, messages };
}

describe('a quick batch', () => {
  it("is the client's in all but its speed", () => {
    fc.assert(
      fc.property(partition, fc.oneof(fc.nat(120), fc.constant(2 ** 53 - 1)), (given, from) => {
        const data = fetched(given);
        const quick = new Quick('t', String(from), data);
        const original = new Original('t', String(from), data);
        expect({ ...quick }).toEqual({ ...original });
        expect(quick).toBeInstanceOf(Original);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves out what comes before the offset that was asked for, and control records', () => {
    const messages = [3, 4, 5, 6].map((offset) => ({ offset: String(offset), isControlRecord: offset === 5 }));
    const batch = new Quick('t', '4', { abortedTransactions: [], messages });
    expect(batch.rawMessages).toHaveLength(4);
    expect(batch.messagesWithinOffset.map(({ offset }) => offset)).toEqual(['4', '5', '6']);
    expect(batch.messages.map(({ offset }) => offset)).toEqual(['4', '6']);
  });
});
