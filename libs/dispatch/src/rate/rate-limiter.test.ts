import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type RateSlot, UnavailableError } from '#libs/domain';

import { MAX_WAIT_MS, MAX_WAITING, RateLimiter, type SlotSource } from './rate-limiter.ts';

const START = Date.UTC(2026, 0, 1);

beforeEach(() => void jest.useFakeTimers({ now: START, doNotFake: ['performance'] }));
afterEach(() => void jest.useRealTimers());

/** What the requests of one webhook may take. */
const WAITING_BYTES = 1_000;

const clock = { now: () => Date.now() };

/** Slots as all workers share them. */
function sharedSlots() {
  let next = START;
  const reserve = jest.fn<SlotSource['reserve']>(async ({ count, rate, now }) => {
    const first = Math.max(next, now);
    next = first + (count * 1_000) / rate;
    return first;
  });
  return { reserve };
}

interface Seen {
  readonly name: string;
  /** Milliseconds since the start. */
  readonly at: number;
  readonly slot?: number;
}

function worker(source: SlotSource = sharedSlots()) {
  const limiter = new RateLimiter({
    source,
    clock,
    monotonic: () => Date.now() - START,
    unsettledBytes: 16 * WAITING_BYTES,
  });
  const gone: Seen[] = [];
  const held: Seen[] = [];
  const enter = (
    name: string,
    given: { rate?: number; webhookId?: string; bytes?: number; slot?: RateSlot } = {},
  ): void => {
    const { rate = 5, webhookId = 'w', bytes = 1, slot } = given;
    const go = (): void => void gone.push({ name, at: Date.now() - START });
    const hold = (later: RateSlot | undefined): void =>
      void held.push({ name, at: Date.now() - START, ...(later && { slot: later.at - START }) });
    limiter.enter({ webhookId, rate, bytes, slot, go, hold });
  };
  return { limiter, gone, held, enter };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
const pass = (ms: number): Promise<unknown> => jest.advanceTimersByTimeAsync(ms);

describe('the limit of a webhook', () => {
  it('lets requests go one by one, in the order in which they came', async () => {
    const { enter, gone, held } = worker();
    for (const name of names(10)) enter(name);
    await pass(MAX_WAIT_MS);
    expect(gone).toEqual(names(10).map((name, index) => ({ name, at: index * 200 })));
    expect(held).toEqual([]);
  });

  it('is kept by two workers together', async () => {
    const source = sharedSlots();
    const workers = [worker(source), worker(source)];
    for (const name of names(10)) for (const { enter } of workers) enter(name);
    await pass(MAX_WAIT_MS);
    const times = workers.flatMap(({ gone }) => gone.map(({ at }) => at)).toSorted((one, other) => one - other);
    expect(times).toEqual(Array.from({ length: 20 }, (_, index) => index * 200));
  });

  it('holds what would wait for longer, each with its own slot, and is not asked again for one', async () => {
    const source = sharedSlots();
    const { enter, gone, held } = worker(source);
    for (const name of names(40)) enter(name);
    await pass(0);
    expect(held).toEqual(
      names(40)
        .slice(26)
        .map((name, index) => ({ name, at: 0, slot: 5_200 + index * 200 })),
    );
    await pass(MAX_WAIT_MS);
    expect(gone).toHaveLength(26);
    source.reserve.mockClear();
    for (const { name, slot = 0 } of held) enter(name, { slot: { at: START + slot, rate: 5 } });
    await pass(MAX_WAIT_MS);
    expect(gone.map(({ name }) => name)).toEqual(names(40));
    expect(gone.at(-1)?.at).toBe(39 * 200);
    expect(source.reserve).not.toHaveBeenCalled();
  });

  it('holds what is near, too, when many wait already', async () => {
    const { enter, held } = worker();
    for (const name of names(MAX_WAITING + 3)) enter(name, { rate: 1_000 });
    await pass(0);
    expect(held.map(({ name }) => Number(name))).toEqual([MAX_WAITING + 1, MAX_WAITING + 2]);
  });

  it('lets a request go at once whose slot has passed', async () => {
    const { enter, gone } = worker();
    await pass(10_000);
    enter('late', { slot: { at: START + 9_000, rate: 5 } });
    expect(gone).toEqual([{ name: 'late', at: 10_000 }]);
  });

  it('counts anew when it was changed meanwhile', async () => {
    const source = sharedSlots();
    const { enter, gone } = worker(source);
    enter('slow', { slot: { at: START + 3_000_000, rate: 1 }, rate: 100 });
    await pass(1_000);
    expect(gone).toEqual([{ name: 'slow', at: 0 }]);
    expect(source.reserve).toHaveBeenCalledTimes(1);
  });

  it('asks once for all that came during the asking', async () => {
    const asked = Promise.withResolvers<number>();
    const reserve = jest.fn<SlotSource['reserve']>(() => asked.promise);
    const { enter } = worker({ reserve });
    for (const name of names(7)) enter(name);
    asked.resolve(START);
    await pass(1_000);
    expect(reserve.mock.calls.map(([{ count }]) => count)).toEqual([1, 6]);
  });

  it('is kept by each worker for itself while nobody can be asked', async () => {
    const { reserve } = sharedSlots();
    const { enter, gone } = worker({ reserve });
    for (const name of names(5)) enter(name);
    await pass(0);
    reserve.mockRejectedValue(new UnavailableError('mongodb', 'away'));
    for (const name of ['a', 'b', 'c']) enter(name);
    await pass(MAX_WAIT_MS);
    expect(gone.map(({ at }) => at)).toEqual([0, 200, 400, 600, 800, 1_000, 1_200, 1_400]);
  });

  it('is kept without asking for 5 s after nobody could be asked', async () => {
    const { reserve } = sharedSlots();
    const { enter } = worker({ reserve });
    reserve.mockRejectedValueOnce(new UnavailableError('mongodb', 'away'));
    enter('first');
    await pass(4_999);
    enter('second', { webhookId: 'other' });
    await pass(1);
    expect(reserve).toHaveBeenCalledTimes(1);
    enter('third');
    expect(reserve).toHaveBeenCalledTimes(2);
  });

  it('holds without a slot what would take too much memory while nobody answers who gives slots', async () => {
    const asked = Promise.withResolvers<number>();
    const { enter, gone, held } = worker({ reserve: () => asked.promise });
    for (const name of ['a', 'b', 'c']) enter(name, { bytes: WAITING_BYTES / 2 });
    enter('other', { webhookId: 'other', bytes: WAITING_BYTES / 2 });
    expect(held).toEqual([{ name: 'c', at: 0 }]);
    asked.resolve(START + 1_000);
    await pass(1_200);
    expect(gone.map(({ name }) => name).toSorted()).toEqual(['a', 'b', 'other']);
  });

  it('holds with its slot what would take too much memory until that comes', async () => {
    const { enter, gone, held } = worker();
    for (const name of names(4)) {
      enter(name, { bytes: WAITING_BYTES / 2 });
      await pass(0);
    }
    expect(held).toEqual([{ name: '3', at: 0, slot: 600 }]);
    await pass(400);
    expect(gone.map(({ name }) => name)).toEqual(['0', '1', '2']);
    for (const name of ['4', '5']) enter(name, { bytes: WAITING_BYTES / 2 });
    await pass(0);
    expect(held).toHaveLength(1);
  });

  it('concerns nobody else, and leaves nothing behind', async () => {
    const { enter, gone, limiter } = worker({
      reserve: async ({ now, webhookId }) => now + (webhookId === 'w' ? 100 : 0),
    });
    for (const name of names(5)) enter(name);
    enter('other', { webhookId: 'other' });
    await pass(0);
    expect(gone.map(({ name }) => name)).toContain('other');
    limiter.close();
    await pass(MAX_WAIT_MS);
    expect(gone.map(({ name }) => name)).toEqual(['other']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
