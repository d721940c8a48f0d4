import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodeBatch, type DecodedBatch } from './batch-decoding.ts';
import type { RecordBytes } from './record-decoding.ts';

interface WrittenRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
  readonly offsetDelta: number;
  readonly timestampDelta: number;
}
interface WrittenBatch {
  readonly firstOffset: unknown;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  readonly lastOffsetDelta: number;
  readonly producerId: unknown;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly records: readonly unknown[];
  readonly compression?: number;
}

const require = createRequire(import.meta.url);
const encodeRecord: (record: WrittenRecord) => unknown = require('kafkajs/src/protocol/recordBatch/record/v0');
const {
  RecordBatch: encodeBatch,
}: {
  RecordBatch: (batch: WrittenBatch) => Promise<{ readonly buffer: Buffer }>;
} = require('kafkajs/src/protocol/recordBatch/v0');
const original: (bytes: RecordBytes) => Promise<DecodedBatch> = require('kafkajs/src/protocol/recordBatch/v0/decoder');
const Decoder: new (buffer: Buffer) => RecordBytes = require('kafkajs/src/protocol/decoder');
const Long: { fromValue(value: string): unknown } = require('kafkajs/src/utils/long');

const GZIP = 1;
const FLAGS_AT = 22;
const BY_BROKER = 0x8;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;

const bytes = fc.option(fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)));
const number64 = fc.bigInt(-1n, 2n ** 63n - 1n).map(String);
/** What the client is left to read. */
const seldom = <T>(value: T) => ({ weight: 1, arbitrary: fc.constant(value) });
const batch = fc.record({
  firstOffset: fc.oneof({ weight: 4, arbitrary: fc.nat().map(String) }, { weight: 1, arbitrary: number64 }),
  firstTimestamp: fc.oneof(fc.nat(), fc.constant(1_796_028_324_479)),
  maxTimestamp: fc.nat(),
  producerId: number64,
  producerEpoch: fc.nat(1_000),
  firstSequence: fc.nat(),
  flags: fc.constantFrom(0, BY_BROKER, IN_TRANSACTION, CONTROL, BY_BROKER | CONTROL),
  records: fc.array(
    fc.record({
      key: bytes,
      value: bytes,
      header: fc.oneof(seldom('constructor'), { weight: 200, arbitrary: fc.constantFrom(null, 'a', 'traceparent') }),
      timestampDelta: fc.oneof(seldom(2 ** 31), {
        weight: 200,
        arbitrary: fc.integer({ min: -1_000, max: 1_000_000 }),
      }),
    }),
    { maxLength: 80, size: 'medium' },
  ),
});
type Given = typeof batch extends fc.Arbitrary<infer T> ? T : never;

async function written(given: Given, compression = 0): Promise<Buffer> {
  const records = given.records.map(({ key, value, header, timestampDelta }, offsetDelta) =>
    encodeRecord({ key, value, headers: header ? { [header]: Buffer.from('x') } : {}, offsetDelta, timestampDelta }),
  );
  const { firstTimestamp, maxTimestamp, producerEpoch, firstSequence, flags } = given;
  const encoded = await encodeBatch({
    firstOffset: Long.fromValue(given.firstOffset),
    producerId: Long.fromValue(given.producerId),
    lastOffsetDelta: Math.max(0, records.length - 1),
    firstTimestamp,
    maxTimestamp,
    producerEpoch,
    firstSequence,
    records,
    compression,
  });
  const buffer = Buffer.from(encoded.buffer);
  buffer.writeUInt8(buffer.readUInt8(FLAGS_AT) | flags, FLAGS_AT);
  return buffer;
}

const plain: Given = {
  firstOffset: '7',
  firstTimestamp: 1_000,
  maxTimestamp: 2_000,
  producerId: '3',
  producerEpoch: 0,
  firstSequence: 0,
  flags: 0,
  records: [
    { key: null, value: Buffer.from('v'), header: null, timestampDelta: 5 },
    { key: Buffer.from('k'), value: null, header: 'a', timestampDelta: 0 },
  ],
};

describe('decodeBatch', () => {
  it('reads what the client itself reads, batch after batch, or leaves it to the client', async () => {
    let ownBatches = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 3 }), async (given) => {
        const buffer = Buffer.concat(await Promise.all(given.map((one) => written(one))));
        const ours = new Decoder(buffer);
        const theirs = new Decoder(buffer);
        for (const _batch of given) {
          const before = ours.offset;
          const decoded = decodeBatch(ours);
          const expected = await original(theirs);
          if (decoded) {
            ownBatches += 1;
            expect(decoded).toEqual(expected);
          } else {
            expect(ours.offset).toBe(before);
            ours.offset = theirs.offset;
          }
          expect(ours.offset).toBe(theirs.offset);
        }
      }),
      { numRuns: 300 },
    );
    expect(ownBatches).toBeGreaterThan(50);
  });

  it('reads a batch of some records by itself', async () => {
    const decoded = decodeBatch(new Decoder(await written(plain)));
    expect(decoded?.records).toMatchObject([
      { offset: '7', timestamp: '1005', key: null, value: Buffer.from('v'), headers: {} },
      { offset: '8', timestamp: '1000', key: Buffer.from('k'), value: null, headers: { a: Buffer.from('x') } },
    ]);
  });

  it('leaves a batch that is cut off or compressed to the client', async () => {
    const whole = await written(plain);
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeBatch(new Decoder(whole.subarray(0, length)))).toBeUndefined();
    }
    expect(decodeBatch(new Decoder(await written(plain, GZIP)))).toBeUndefined();
  });

  it.each([
    ['a length that ends before its records', 8, -12],
    ['a length that ends within its head', 8, 10],
    ['a number of records below zero', 57, -1],
    ['more records than it holds', 57, 3],
  ])('leaves a batch with %s to the client', async (_what, at, value) => {
    const odd = await written(plain);
    odd.writeInt32BE(value, at);
    expect(decodeBatch(new Decoder(odd))).toBeUndefined();
  });

  it('leaves a record that is longer inside than outside to the client', async () => {
    const odd = await written({ ...plain, records: plain.records.slice(0, 1) });
    const lengthOfValue = odd.length - 3;
    expect(odd[lengthOfValue]).toBe(2);
    odd[lengthOfValue] = 40;
    expect(decodeBatch(new Decoder(Buffer.concat([odd, Buffer.alloc(100)])))).toBeUndefined();
  });
});
