import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Fifo } from './fifo.ts';

describe('Fifo', () => {
  it('gives everything back in order, whatever the order of pushes and shifts', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 1_000 }), (pushes) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        for (const [index, push] of pushes.entries()) {
          if (push) {
            fifo.push(index);
            model.push(index);
          } else expect(fifo.shift()).toBe(model.shift());
          expect(fifo.size).toBe(model.length);
          expect(fifo.peek()).toBe(model[0]);
        }
      }),
    );
  });
});
