import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { JsonOutput } from './json-output.ts';

describe('a literal', () => {
  it('is what JSON.stringify writes, whatever the text, also behind other text', () => {
    const output = new JsonOutput();
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 1 }));
    fc.assert(
      fc.property(text, text, (first, second) => {
        output.literal(first);
        output.literal(second);
        expect(output.finish().toString()).toBe(Buffer.from(JSON.stringify(first) + JSON.stringify(second)).toString());
      }),
      { numRuns: 1_000 },
    );
    output.literal('x'.repeat(100_000));
    expect(output.finish()).toHaveLength(100_002);
    for (const odd of ['\ud800', 'caf\u00e9', '\u00ff', '\u0080', '"', '\\']) {
      output.literal(odd);
      expect(output.finish().toString()).toBe(JSON.stringify(odd));
    }
  });
});
