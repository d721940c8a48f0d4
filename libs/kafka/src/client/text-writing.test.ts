import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { writeShort, writeText } from './text-writing.ts';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 80 }),
  fc.constantFrom(
    '',
    'a'.repeat(63),
    'a'.repeat(64),
    'é',
    'delivery-attempts',
    `${'a'.repeat(62)}é`,
    '\u007F',
    '\u0080',
    '\uD800',
  ),
);

describe('a text', () => {
  it('is written as the runtime writes it, and nothing behind it', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 0, max: 5 }), (text, start) => {
        const target = Buffer.alloc(400, 0xaa);
        const expected = Buffer.alloc(400, 0xaa);
        const length = expected.write(text, start);
        expect(writeText(target, start, text)).toBe(length);
        expect(target).toEqual(expected);
      }),
    );
  });

  it('is short up to 63 characters of ASCII', () => {
    const target = Buffer.alloc(100);
    expect(writeShort(target, 0, 'a'.repeat(63))).toBe(true);
    expect(writeShort(target, 0, 'a'.repeat(64))).toBe(false);
    expect(writeShort(target, 0, 'Zürich')).toBe(false);
  });
});
