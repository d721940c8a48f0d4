import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { eventLoopBusy } from './event-loop.ts';

describe('eventLoopBusy', () => {
  it('tells a loop that works all the time from one that waits', async () => {
    const busy = eventLoopBusy();
    await idle(busy);
    for (let turn = 0; turn < 10; turn += 1) {
      const until = performance.now() + 10;
      while (performance.now() < until);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(busy()).toBe(true);
    expect(busy()).toBe(true);
    await idle(busy);
  });
});

/** A machine that stands still makes a loop look busy once, not always. */
async function idle(busy: () => boolean): Promise<void> {
  const looks: boolean[] = [];
  while (looks.length < 20 && !looks.includes(false)) {
    await delay(50);
    looks.push(busy());
  }
  expect(looks).toContain(false);
}
