import { createRequire } from 'node:module';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { crc32c } from './crc32c.ts';

const original: (bytes: Buffer) => number = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C');

describe('crc32c', () => {
  it.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 that grow', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
    ['nine digits', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ])('is what RFC 3720 and others say of %s', (_name, bytes, expected) => {
    expect(crc32c(bytes, 0, bytes.length)).toBe(expected);
  });

  it("is the client's, over any part", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(60), fc.nat(60), (array, before, behind) => {
        const bytes = Buffer.from(array);
        const start = Math.min(before, bytes.length);
        const end = Math.max(start, bytes.length - behind);
        expect(crc32c(bytes, start, end)).toBe(original(bytes.subarray(start, end)));
      }),
      { numRuns: 1_000 },
    );
  });
});
