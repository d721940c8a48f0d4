import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type EncodedRecord, encodeRecord, type RecordParts } from './record-encoding.ts';

const original: (parts: RecordParts) => EncodedRecord = createRequire(import.meta.url)(
  'kafkajs/src/protocol/recordBatch/record/v0',
);

const buffer = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const bytes = fc.oneof(buffer, fc.string({ unit: 'grapheme', maxLength: 200 }));
const headers = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })),
  {
    noNullPrototype: true,
  },
);

describe('encodeRecord', () => {
  it('writes the bytes that the client itself writes', () => {
    fc.assert(
      fc.property(
        fc.record({
          key: fc.option(bytes),
          value: fc.option(bytes),
          headers,
          offsetDelta: fc.nat(100_000),
          timestampDelta: fc.nat(2 ** 30 - 1),
        }),
        (parts) => {
          expect(encodeRecord(parts).buffer.toString('hex')).toBe(original(parts).buffer.toString('hex'));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('writes long lengths', () => {
    const parts = { key: 'k', value: Buffer.alloc(3_000_000, 7), headers: {}, offsetDelta: 0, timestampDelta: 0 };
    expect(encodeRecord(parts).buffer.equals(original(parts).buffer)).toBe(true);
  });
});
