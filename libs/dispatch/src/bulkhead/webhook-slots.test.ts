import { describe, expect, it } from '@jest/globals';

import { WebhookSlots } from './webhook-slots.ts';

function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe('WebhookSlots', () => {
  it('starts no more than the limit at once, and the rest in the order they came', async () => {
    const slots = new WebhookSlots(2);
    const gates = [gate(), gate(), gate(), gate()];
    const started: number[] = [];
    const runs = gates.map((one, index) =>
      slots.run('w', async () => {
        started.push(index);
        await one.opened;
      }),
    );
    expect(started).toEqual([0, 1]);
    gates[1]?.open();
    await runs[1];
    expect(started).toEqual([0, 1, 2]);
    gates.forEach((one) => one.open());
    await Promise.all(runs);
    expect(started).toEqual([0, 1, 2, 3]);
    expect(slots.size).toBe(0);
  });

  it('frees the slot of a task that failed', async () => {
    const slots = new WebhookSlots(1);
    await expect(slots.run('w', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run('w', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('does not let one webhook wait for another', async () => {
    const slots = new WebhookSlots(1);
    const stuck = gate();
    const first = slots.run('stuck', () => stuck.opened);
    await expect(slots.run('free', () => Promise.resolve(1))).resolves.toBe(1);
    stuck.open();
    await first;
  });
});
