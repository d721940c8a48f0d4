import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { PackedRecords, unpack } from './packed-records.ts';

const record = fc.tuple(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 2_000 }));

describe('PackedRecords', () => {
  it('come out as they went in, pack after pack', () => {
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 80 }), { maxLength: 4 }), (packs) => {
        const packed = new PackedRecords();
        for (const records of packs) {
          for (const [key, value] of records) packed.add(key, Buffer.from(value));
          const unpacked = unpack(packed.take());
          expect(unpacked.map(({ key, value }) => [key.toString(), value.toString('hex')])).toEqual(
            records.map(([key, value]) => [key, Buffer.from(value).toString('hex')]),
          );
          expect(packed.size).toBe(0);
        }
      }),
    );
  });

  it('grow for what does not fit, and let the memory go afterwards', () => {
    const packed = new PackedRecords();
    packed.add('k', Buffer.alloc(3_000_000, 1));
    packed.add('l', Buffer.from('small'));
    const [large, small] = unpack(packed.take());
    expect(large?.value.length).toBe(3_000_000);
    expect(small?.value.toString()).toBe('small');
  });
});
