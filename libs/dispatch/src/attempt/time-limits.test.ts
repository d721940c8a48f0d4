import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { type Limited, TimeLimits } from './time-limits.ts';

const LIMIT_MS = 100;
/** How far a limit may be from a timer of its own that begins at the same time. */
const TOLERANCE_MS = 20;

class Item implements Limited<Item> {
  before: Item | undefined;
  after: Item | undefined;
  readonly startedAt = performance.now();
  readonly timeUp = Promise.withResolvers<number>();
  readonly ownTimer = new Promise<number>((resolve) =>
    setTimeout(() => resolve(performance.now() - this.startedAt), LIMIT_MS),
  );
  endedAfter: number | undefined;
  private readonly limits: TimeLimits<Item>;

  constructor(limits: TimeLimits<Item>) {
    this.limits = limits;
    limits.begin(this);
  }

  onTimeUp(): void {
    this.limits.end(this);
    this.endedAfter = performance.now() - this.startedAt;
    this.timeUp.resolve(this.endedAfter);
  }
}

describe('time limits', () => {
  it('end each thing after the same time, whenever it began', async () => {
    const limits = new TimeLimits<Item>(LIMIT_MS);
    const items = [new Item(limits), new Item(limits)];
    for (let count = 0; count < 10; count += 1) {
      await sleep(15);
      items.push(new Item(limits));
    }
    for (const { timeUp, ownTimer } of items) {
      const after = await timeUp.promise;
      expect(after).toBeGreaterThanOrEqual(LIMIT_MS);
      expect(Math.abs(after - (await ownTimer))).toBeLessThan(TOLERANCE_MS);
    }
  });

  it('leave alone what has ended: the first, the last and those between', async () => {
    const limits = new TimeLimits<Item>(LIMIT_MS);
    const items = Array.from({ length: 5 }, () => new Item(limits));
    for (const index of [0, 2, 4]) limits.end(items[index]!);
    await items[3]!.timeUp.promise;
    await Promise.all(items.map(({ ownTimer }) => ownTimer));
    expect(items.map(({ endedAfter }) => endedAfter !== undefined)).toEqual([false, true, false, true, false]);
  });

  it('begin anew after everything has ended', async () => {
    const limits = new TimeLimits<Item>(LIMIT_MS);
    limits.end(new Item(limits));
    await sleep(LIMIT_MS / 2);
    for (let count = 0; count < 2; count += 1) {
      const item = new Item(limits);
      expect(Math.abs((await item.timeUp.promise) - (await item.ownTimer))).toBeLessThan(TOLERANCE_MS);
    }
  });

  it('end nothing whose answer came in time, while the process stood still', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const accepted = once(server, 'connection');
    const endpoint = connect(address.port, '127.0.0.1');
    const [socket] = await accepted;
    const limits = new TimeLimits<Item>(LIMIT_MS);
    const item = new Item(limits);
    const answered = new Promise<void>((resolve) =>
      socket.once('data', () => {
        limits.end(item);
        resolve();
      }),
    );
    endpoint.write('answer');
    while (performance.now() < item.startedAt + 2 * LIMIT_MS);
    await answered;
    expect(item.endedAfter).toBeUndefined();
    endpoint.destroy();
    socket.destroy();
    server.close();
  });

  it('keep nothing of what has ended', () => {
    const limits = new TimeLimits<Item>(LIMIT_MS);
    const items = Array.from({ length: 3 }, () => new Item(limits));
    for (const item of items) limits.end(item);
    for (const { before, after } of items) expect([before, after]).toEqual([undefined, undefined]);
  });
});
