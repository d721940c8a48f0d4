import { describe, expect, it } from '@jest/globals';

import { TimeOrderedIds } from './time-ordered-ids.ts';

const systemRandom = (bytes: Uint8Array) => void crypto.getRandomValues(bytes);
const T = Date.UTC(2026, 10, 25, 12, 0, 0, 123);

describe('time-ordered ids', () => {
  it('are UUIDs of version 7: the time, the counter, the rest', () => {
    let fills = 0;
    const ids = new TimeOrderedIds({ now: () => T }, (bytes) => {
      fills += 1;
      bytes.forEach(
        (_, index) => (bytes[index] = [0xff, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xf1, 0x23][index % 10]!),
      );
    });
    const time = T.toString(16).padStart(12, '0');
    const prefix = `${time.slice(0, 8)}-${time.slice(8)}`;
    expect([ids.next(), ids.next()]).toEqual([`${prefix}-7123-bf01-23456789abcd`, `${prefix}-7124-bf01-23456789abcd`]);
    expect(fills).toBe(1);
  });

  it('grow within a millisecond, over more than the counter holds, and when the clock goes back', () => {
    const clock = { time: T, now: () => clock.time };
    const ids = new TimeOrderedIds(clock, systemRandom);
    const made = Array.from({ length: 10_000 }, () => ids.next());
    clock.time -= 60_000;
    made.push(...Array.from({ length: 10 }, () => ids.next()));
    clock.time += 120_000;
    made.push(ids.next());
    expect(made).toEqual(made.toSorted());
    expect(new Set(made).size).toBe(made.length);
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(made.at(-1)!.replace('-', '').slice(0, 12), 16)).toBe(clock.time);
  });

  it('of two makers differ at the same moment', () => {
    const clock = { now: () => T };
    const [one, other] = [new TimeOrderedIds(clock, systemRandom), new TimeOrderedIds(clock, systemRandom)];
    const made = Array.from({ length: 1_000 }, () => [one.next(), other.next()]).flat();
    expect(new Set(made).size).toBe(2_000);
  });

  it('take fresh randomness for every id', () => {
    let last = 0;
    const ids = new TimeOrderedIds({ now: () => T }, (bytes) => {
      const words = new Uint16Array(bytes.buffer);
      words.forEach((_, index) => (words[index] = last += 1));
    });
    const tails = Array.from({ length: 1_000 }, () => ids.next().slice(19));
    expect(new Set(tails).size).toBe(1_000);
  });
});
