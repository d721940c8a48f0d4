import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { KeyLanes } from './key-lanes.ts';

describe('KeyLanes', () => {
  it('begins a task at once when its lane is idle', () => {
    const lanes = new KeyLanes();
    let begun = false;
    void lanes.run('a', async () => {
      begun = true;
    });
    expect(begun).toBe(true);
  });

  it('runs tasks of one key in order and those of others meanwhile', async () => {
    const lanes = new KeyLanes();
    const stuck = Promise.withResolvers<void>();
    const log: string[] = [];
    const first = lanes.run('a', async () => {
      log.push('a1');
      await stuck.promise;
    });
    const second = lanes.run('a', async () => void log.push('a2'));
    await lanes.run('b', async () => void log.push('b1'));
    expect(log).toEqual(['a1', 'b1']);
    stuck.resolve();
    await Promise.all([first, second]);
    expect(log).toEqual(['a1', 'b1', 'a2']);
  });

  it('waits for the task before it, however many of its lane have ended', async () => {
    const lanes = new KeyLanes();
    const stuck = Promise.withResolvers<void>();
    const first = lanes.run('a', () => Promise.resolve());
    const second = lanes.run('a', () => stuck.promise);
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    let begun = false;
    const third = lanes.run('a', async () => {
      begun = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([begun, lanes.busy('a'), lanes.busy('b')]).toEqual([false, true, false]);
    stuck.resolve();
    await Promise.all([second, third]);
    expect(begun).toBe(true);
  });

  it('goes on after a task that failed, and forgets idle lanes', async () => {
    const lanes = new KeyLanes();
    const failed = lanes.run('a', () => Promise.reject(new Error('no')));
    const next = lanes.run('a', () => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe('next');
    await new Promise((resolve) => setImmediate(resolve));
    expect(lanes.size).toBe(0);
  });

  it('never reorders a lane and never runs two tasks of it at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 3 }), fc.nat({ max: 2 })), { maxLength: 80 }),
        async (tasks) => {
          const lanes = new KeyLanes();
          const running = new Map<number, number>();
          const done = new Map<number, number[]>();
          const results: Promise<void>[] = [];
          for (const [index, [key, turns, pause]] of tasks.entries()) {
            const task = async (): Promise<void> => {
              expect(running.get(key) ?? 0).toBe(0);
              running.set(key, 1);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              running.set(key, 0);
              done.set(key, [...(done.get(key) ?? []), index]);
            };
            results.push(lanes.run(String(key), task));
            for (let turn = 0; turn < pause; turn += 1) await Promise.resolve();
          }
          await Promise.all(results);
          await new Promise((resolve) => setImmediate(resolve));
          expect(lanes.size).toBe(0);
          expect([...done.values()].flat()).toHaveLength(tasks.length);
          for (const order of done.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 100 },
    );
  });
});
