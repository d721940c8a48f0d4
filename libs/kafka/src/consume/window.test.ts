import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Window } from './window.ts';

/** Which of the promises have resolved by now. */
async function resolved(promises: readonly Promise<void>[]): Promise<boolean[]> {
  const states = promises.map(() => false);
  promises.forEach((promise, index) => void promise.then(() => (states[index] = true)));
  await new Promise((resolve) => setImmediate(resolve));
  return states;
}

describe('Window', () => {
  it('is full at its limit, and wakes those who wait when bytes come back', async () => {
    const window = new Window(100);
    window.take(60);
    expect(window.hasRoom()).toBe(true);
    window.take(60);
    expect(window.hasRoom()).toBe(false);
    const room = window.room(60_000);
    window.give(60);
    await room;
    expect(window.bytes).toBe(60);
  });

  it('lets one record pass that is larger than the limit', () => {
    const window = new Window(10);
    expect(window.hasRoom()).toBe(true);
    window.take(1_000);
    expect(window.hasRoom()).toBe(false);
  });

  it('gives those who wait a chance to look after the time they named', async () => {
    const window = new Window(1);
    window.take(1);
    await expect(window.room(5)).resolves.toBeUndefined();
    expect(window.hasRoom()).toBe(false);
  });

  it('lets nobody wait who need not, and wakes nobody while it is full', async () => {
    const window = new Window(100);
    expect(await resolved([window.room(60_000)])).toEqual([true]);
    window.take(150);
    const waiting = [window.room(60_000), window.room(60_000)];
    window.give(50);
    expect(await resolved(waiting)).toEqual([false, false]);
    window.give(1);
    expect(await resolved(waiting)).toEqual([true, true]);
  });

  it('never lets anybody wait while there is room, and is empty when everything came back', async () => {
    const action = fc.oneof(fc.nat({ max: 40 }), fc.constantFrom('give' as const, 'wait' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const window = new Window(100);
        const held: number[] = [];
        let waiting: Array<Promise<void>> = [];
        const give = (): void => window.give(held.shift() ?? 0);
        for (const one of actions) {
          if (one === 'give') give();
          else if (one === 'wait') waiting.push(window.room(60_000));
          else {
            window.take(one);
            held.push(one);
          }
          expect(window.bytes).toBe(held.reduce((sum, bytes) => sum + bytes, 0));
          if (!window.hasRoom()) continue;
          expect(await resolved(waiting)).not.toContain(false);
          waiting = [];
        }
        while (held.length > 0) give();
        expect(window.bytes).toBe(0);
        expect(await resolved(waiting)).not.toContain(false);
      }),
      { numRuns: 100 },
    );
  });
});
