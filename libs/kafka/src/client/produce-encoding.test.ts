import { createRequire } from 'node:module';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';

import { type Encoded, encodeProduce, type ProduceParts } from './produce-encoding.ts';
import { EncodedHeaders, mostHeaderBytes, writeHeaders } from './record-encoding.ts';

const original: (parts: ProduceParts) => { encode(): Promise<Encoded> } = createRequire(import.meta.url)(
  'kafkajs/src/protocol/requests/produce/v3/request',
);

const NOW = 1_796_028_324_479;
const buffer = fc.uint8Array({ maxLength: 300, size: 'max' }).map((bytes) => Buffer.from(bytes));
const text = fc.string({ unit: 'grapheme', maxLength: 100 });
const bytes = fc.oneof(buffer, text);
const headers = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })),
  { noNullPrototype: true, maxKeys: 8 },
);
const message = fc.record(
  { key: fc.option(bytes), value: fc.option(bytes), headers },
  { requiredKeys: ['value', 'headers'] },
);
const partition = fc.record(
  {
    partition: fc.oneof(fc.nat(1_000), fc.nat(1_000).map(String)),
    firstSequence: fc.nat(2 ** 31 - 1),
    messages: fc.array(message, { minLength: 1, maxLength: 80, size: 'medium' }),
  },
  { requiredKeys: ['partition', 'messages'] },
);
const parts: fc.Arbitrary<ProduceParts> = fc.record(
  {
    acks: fc.constantFrom(-1, 0, 1),
    timeout: fc.nat(60_000),
    producerId: fc.bigInt(-1n, 2n ** 63n - 1n).map(String),
    producerEpoch: fc.nat(32_767),
    topicData: fc.array(fc.record({ topic: text, partitions: fc.array(partition, { maxLength: 4 }) }), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ['acks', 'timeout', 'topicData'] },
);

const one = (more: Partial<ProduceParts>, timestamp?: string): ProduceParts => ({
  acks: -1,
  timeout: 1_000,
  topicData: [{ topic: 't', partitions: [{ partition: 0, messages: [{ key: 'k', value: 'v', timestamp }] }] }],
  ...more,
});

beforeEach(() => void jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

describe('encodeProduce', () => {
  it('writes the bytes that the client itself writes', async () => {
    await fc.assert(
      fc.asyncProperty(parts, async (given) => {
        const expected = await original(given).encode();
        expect(encodeProduce(given, NOW)?.buffer.toString('hex')).toBe(expected.buffer.toString('hex'));
      }),
      { numRuns: 300 },
    );
  });

  it.each([63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 3_000_000])('writes lengths of %d', async (length) => {
    const long = Buffer.alloc(length, 'x');
    const messages = [
      { value: long },
      { key: long, value: null },
      { value: 'v', headers: { name: long } },
      { value: 'v', headers: { [long.toString()]: 'value' } },
    ];
    const given = one({ topicData: [{ topic: 't', partitions: [{ partition: 3, messages }] }] });
    const expected = await original(given).encode();
    expect(encodeProduce(given, NOW)?.buffer.equals(expected.buffer)).toBe(true);
  });

  it('takes headers that are written already', () => {
    fc.assert(
      fc.property(headers, bytes, (plain, value) => {
        const room = Buffer.alloc(mostHeaderBytes(plain));
        const written = new EncodedHeaders(room.subarray(0, writeHeaders(room, 0, plain)));
        const encoded = (given: typeof plain | EncodedHeaders): string | undefined => {
          const partitions = [{ partition: 0, messages: [{ key: 'k', value, headers: given }] }];
          return encodeProduce(one({ topicData: [{ topic: 't', partitions }] }), NOW)?.buffer.toString('hex');
        };
        expect(encoded(written)).toBe(encoded(plain));
      }),
    );
  });

  it('leaves what is not used here to the client', () => {
    expect(encodeProduce(one({}), NOW)).toBeDefined();
    expect(encodeProduce(one({ compression: 1 }), NOW)).toBeUndefined();
    expect(encodeProduce(one({ transactionalId: 'x' }), NOW)).toBeUndefined();
    expect(encodeProduce(one({}, '1796028324000'), NOW)).toBeUndefined();
  });
});
