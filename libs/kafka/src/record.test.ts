import { describe, expect, it } from '@jest/globals';

import { recordBytes } from './record.ts';

describe('what a record counts against the bound', () => {
  it('grows with its key, its value and its headers', () => {
    const [key, value] = [Buffer.from('abc'), Buffer.alloc(1_000)];
    const bare = recordBytes({ key: null, value: null, headers: {} });
    expect(recordBytes({ key, value, headers: {} }) - bare).toBe(1_003);
    const headers = { once: Buffer.alloc(100_000), twice: [Buffer.alloc(10), 'text'], none: undefined };
    expect(recordBytes({ key: null, value: null, headers }) - bare).toBe(100_004 + 19 + 4);
  });
});
