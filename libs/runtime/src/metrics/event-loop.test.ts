import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { eventLoopBusy } from './event-loop.ts';

describe('eventLoopBusy', () => {
  it('tells a loop that works all the time from one that waits', async () => {
    const busy = eventLoopBusy();
    await delay(50);
    expect(busy()).toBe(false);
    for (let turn = 0; turn < 10; turn += 1) {
      const until = performance.now() + 10;
      while (performance.now() < until);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(busy()).toBe(true);
    expect(busy()).toBe(true);
    await delay(100);
    expect(busy()).toBe(false);
  });
});
