import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { mostHeaderBytes, writeHeaders } from '../client/record-encoding.ts';
import type { OutgoingRecord } from '../record.ts';
import { PackedRecords, unpack } from './packed-records.ts';

const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'grapheme' });
const headerName = fc.oneof(
  text.filter((name) => !/^\d+$/.test(name)),
  fc.constant('__proto__'),
);
const record: fc.Arbitrary<OutgoingRecord> = fc.record(
  {
    topic: text,
    partition: fc.nat(),
    key: fc.oneof(text, bytes, fc.constant(null)),
    value: fc.oneof(bytes, fc.constant(null)),
    headers: fc.dictionary(
      headerName,
      fc.oneof(text, bytes, fc.array(fc.oneof(text, bytes), { minLength: 2, maxLength: 3 })),
      {
        noNullPrototype: true,
      },
    ),
  },
  { requiredKeys: ['topic', 'key', 'value'] },
);

/** A record with its bytes as text, so that a string and its UTF-8 bytes are the same, and headers the same as what is written of them. */
function plain({ topic, partition, key, value, headers }: OutgoingRecord): unknown {
  const hex = (one: Buffer | string | null): string | null => (one === null ? null : Buffer.from(one).toString('hex'));
  const room = Buffer.alloc(mostHeaderBytes(headers));
  const written = room.toString('hex', 0, writeHeaders(room, 0, headers));
  return { topic, partition, key: hex(key), value: hex(value), headers: written };
}

describe('PackedRecords', () => {
  it('come out as they went in, pack after pack', () => {
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 40 }), { maxLength: 4 }), (packs) => {
        const packed = new PackedRecords();
        for (const records of packs) {
          for (const one of records) packed.add(one);
          expect(unpack(packed.take()).map(plain)).toEqual(records.map(plain));
          expect(packed.size).toBe(0);
        }
      }),
    );
  });

  it('grow for what does not fit, and let the memory go afterwards', () => {
    const packed = new PackedRecords();
    packed.add({ topic: 't', key: 'k', value: Buffer.alloc(3_000_000, 1) });
    packed.add({ topic: 't', key: 'l', value: Buffer.from('small') });
    const [large, small] = unpack(packed.take());
    expect(large?.value?.length).toBe(3_000_000);
    expect(small?.value?.toString()).toBe('small');
  });
});
