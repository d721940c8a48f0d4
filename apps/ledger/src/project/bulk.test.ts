import { describe, expect, it } from '@jest/globals';
import { CodedError, UnavailableError } from '#libs/domain';
import { createLogger, createMetrics } from '#libs/runtime';

import { Bulk } from './bulk.ts';
import { BulkMetrics } from './bulk-metrics.ts';

const logger = createLogger('test', 'silent');
const always = (): boolean => true;

/** A bulk whose writes are noted, and answered as a test says. */
function noted(
  answer: (items: readonly number[], write: number) => Error | undefined,
  maxItems = 100,
): { bulk: Bulk<number>; writes: number[][] } {
  const writes: number[][] = [];
  const write = async (items: readonly number[]): Promise<void> => {
    writes.push([...items]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const error = answer(items, writes.length);
    if (error) throw error;
  };
  return { bulk: bulkOf(write, maxItems), writes };
}

function bulkOf(write: (items: readonly number[]) => Promise<void>, maxItems: number): Bulk<number> {
  return new Bulk({ write, kind: 'attempt', maxItems, metrics: new BulkMetrics(createMetrics('ledger')), logger });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('Bulk', () => {
  it('writes what comes together in one go, in order, and the rest in goes of the allowed size', async () => {
    const { bulk, writes } = noted(() => undefined, 4);
    const written = await Promise.all(numbers(10).map((item) => bulk.add(item, always)));
    expect(written).toEqual(Array.from({ length: 10 }, () => true));
    expect(writes).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  it('tells nobody that an item is written before it is', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const bulk = bulkOf(() => held, 10);
    let told = false;
    const added = bulk.add(1, always).then(() => (told = true));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(told).toBe(false);
    release();
    await added;
    expect(told).toBe(true);
  });

  it('writes the same again for as long as the store is away, and then what came meanwhile', async () => {
    const { bulk, writes } = noted(
      (_items, write) => (write < 4 ? new UnavailableError('mongodb', 'away') : undefined),
      2,
    );
    const written = Promise.all([0, 1, 2].map((item) => bulk.add(item, always)));
    expect(await written).toEqual([true, true, true]);
    expect(writes).toEqual([[0, 1], [0, 1], [0, 1], [0, 1], [2]]);
  });

  it('does not let an item that is refused hold back its neighbours, and keeps trying it', async () => {
    let refused = true;
    const { bulk, writes } = noted((items) => (refused && items.includes(1) ? new CodedError('NO', 'no') : undefined));
    const stubborn = bulk.add(1, always);
    expect(await Promise.all([0, 2, 3].map((item) => bulk.add(item, always)))).toEqual([true, true, true]);
    refused = false;
    expect(await stubborn).toBe(true);
    expect(writes.slice(0, 5)).toEqual([[1, 0, 2, 3], [1], [0], [2], [3]]);
  });

  it('gives up on items of a partition that was given up, and only on those', async () => {
    let away = true;
    let current = true;
    const { bulk } = noted(() => (away ? new UnavailableError('mongodb', 'away') : undefined));
    const given = bulk.add(1, () => current);
    const kept = bulk.add(2, always);
    current = false;
    expect(await given).toBe(false);
    away = false;
    expect(await kept).toBe(true);
  });
});
