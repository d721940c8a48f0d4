import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type BatchContext, type DecodedRecord, decodeRecord, type RecordBytes } from './record-decoding.ts';
import type { RecordParts } from './record-encoding.ts';

const require = createRequire(import.meta.url);

interface WrittenParts extends RecordParts {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
}
const encode: (parts: WrittenParts) => {
  readonly buffer: Buffer;
} = require('kafkajs/src/protocol/recordBatch/record/v0');
const original: (
  bytes: RecordBytes,
  context: BatchContext,
) => DecodedRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder');
const Decoder: new (
  buffer: Buffer,
) => RecordBytes & { readVarIntBytes(): Buffer } = require('kafkajs/src/protocol/decoder');

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((given) => Buffer.from(given)));
const name = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('a', 'constructor', '__proto__'));
const context = fc.record({
  firstOffset: fc.oneof(fc.nat().map(String), fc.constant(String(2n ** 53n - 3n)), fc.constant(String(2n ** 60n))),
  firstTimestamp: fc.oneof(fc.nat().map(String), fc.constantFrom('-1', '1796028324479', String(2n ** 62n))),
  maxTimestamp: fc.constantFrom('1796028324999', '-1'),
  timestampType: fc.constantFrom(0, 1),
  magicByte: fc.constant(2),
  isControlBatch: fc.boolean(),
});

/** What a record's length is followed by. */
const inside = (parts: WrittenParts): Buffer => new Decoder(encode(parts).buffer).readVarIntBytes();
const read = (of: Buffer, batch: BatchContext): DecodedRecord | undefined => decodeRecord(new Decoder(of), batch);

describe('decodeRecord', () => {
  it('reads what the client itself reads, or leaves it to the client', () => {
    let leftToClient = 0;
    fc.assert(
      fc.property(
        fc.record({
          key: bytes,
          value: bytes,
          headers: fc.array(fc.tuple(name, bytes), { maxLength: 3 }),
          offsetDelta: fc.oneof(fc.nat(200), fc.nat(2 ** 29)),
          timestampDelta: fc.oneof(fc.nat(100_000), fc.integer({ min: -100_000, max: 2 ** 31 })),
        }),
        context,
        (parts, batch) => {
          const headers: Record<string, Buffer[]> = {};
          for (const [key, value] of parts.headers)
            if (key !== '__proto__') (headers[`${key}.`] ??= []).push(value ?? Buffer.alloc(0));
          const record = inside({ ...parts, headers });
          const decoded = read(record, batch);
          leftToClient += decoded ? 0 : 1;
          if (decoded) expect(decoded).toEqual(original(new Decoder(record), batch));
        },
      ),
      { numRuns: 2_000 },
    );
    expect(leftToClient).toBeGreaterThan(0);
    expect(leftToClient).toBeLessThan(1_800);
  });

  const batch: BatchContext = { firstOffset: '7', firstTimestamp: '1000' };
  const plain = { key: null, value: Buffer.from('v'), offsetDelta: 3, timestampDelta: -5 };

  it('reads a record with and without headers by itself', () => {
    for (const headers of [{}, { traceparent: 'x', empty: '' }]) {
      const record = inside({ ...plain, headers });
      expect(read(record, batch)).toEqual(original(new Decoder(record), batch));
      expect(read(record, batch)).toMatchObject({ offset: '10', timestamp: '995', key: null });
    }
  });

  it.each<[string, WrittenParts, Partial<BatchContext>]>([
    ['a header given twice', { ...plain, headers: { a: ['1', '2'] } }, {}],
    ['a header that every object has', { ...plain, headers: { constructor: '1' } }, {}],
    ['an offset far from the first', { ...plain, offsetDelta: 2 ** 29 }, {}],
    ['an offset beyond what a number holds', plain, { firstOffset: String(2n ** 53n - 2n) }],
    ['a time beyond what a number holds', plain, { firstTimestamp: String(2n ** 60n) }],
  ])('leaves %s to the client', (_what, parts, changed) => {
    expect(read(inside(parts), { ...batch, ...changed })).toBeUndefined();
  });
});
