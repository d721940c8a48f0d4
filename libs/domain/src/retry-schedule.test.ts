import { describe, expect, it } from '@jest/globals';

import { dueAt, MAX_RETRY_AGE_MS, parseTier, RetrySchedule } from './retry-schedule.ts';

const schedule = RetrySchedule.parse('5s,30s,2m,15m,1h,6h,24h');
const tierAfter = (attempts: number, retryAfterMs?: number): string => {
  const state = { attempts, firstFailureAt: 0, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const decision = schedule.afterFailure(state, 1_000);
  return decision.kind === 'retry' ? decision.tier.name : decision.reason;
};

describe('RetrySchedule', () => {
  it('sends a delivery to tier n after attempt n, and gives it up after the last', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => tierAfter(attempt))).toEqual([
      '5s',
      '30s',
      '2m',
      '15m',
      '1h',
      '6h',
      '24h',
      'schedule_used_up',
    ]);
    const usedUp = schedule.afterFailure({ attempts: 8, firstFailureAt: 0 }, 0);
    expect(usedUp).toEqual({ kind: 'dead_letter', reason: 'schedule_used_up' });
  });

  it('waits as long as Retry-After asks, in the smallest tier that does', () => {
    expect(tierAfter(1, 5_000)).toBe('5s');
    expect(tierAfter(1, 5_001)).toBe('30s');
    expect(tierAfter(1, 10 * 365 * 86_400_000)).toBe('1h');
  });

  it('is never brought forward by Retry-After', () => {
    expect(tierAfter(4, 1_000)).toBe('15m');
  });

  it('stays in the longest tier when Retry-After asks for more than there is', () => {
    const decision = RetrySchedule.parse('1s,2s,3s').afterFailure(
      { attempts: 1, firstFailureAt: 0, retryAfterMs: 60_000 },
      0,
    );
    expect(decision).toEqual({ kind: 'retry', tier: { name: '3s', delayMs: 3_000 } });
  });

  it('gives up 72 hours after the first failure', () => {
    const firstFailureAt = Date.UTC(2026, 0, 1);
    const after = (ms: number) => schedule.afterFailure({ attempts: 2, firstFailureAt }, firstFailureAt + ms);
    expect(after(MAX_RETRY_AGE_MS - 1).kind).toBe('retry');
    expect(after(MAX_RETRY_AGE_MS)).toEqual({ kind: 'dead_letter', reason: 'too_old' });
    expect(MAX_RETRY_AGE_MS).toBe(72 * 3_600_000);
  });

  it('lets a held delivery climb a tier each time, none beyond 15 minutes, and gives it up after 72 hours', () => {
    const at = (holds: number, now: number) => schedule.afterHold({ holds, firstFailureAt: 0 }, now);
    const climbed = [1, 2, 3, 4, 5, 100].map((holds) => at(holds, MAX_RETRY_AGE_MS - 1));
    expect(climbed).toMatchObject(
      ['5s', '30s', '2m', '15m', '15m', '15m'].map((name) => ({ kind: 'retry', tier: { name } })),
    );
    expect(at(2, MAX_RETRY_AGE_MS)).toEqual({ kind: 'dead_letter', reason: 'too_old' });
    const slow = RetrySchedule.parse('1h,2h').afterHold({ holds: 3, firstFailureAt: 0 }, 0);
    expect(slow).toMatchObject({ tier: { name: '1h' } });
  });

  it('sends what waits for a slot to the longest delay that is over by then, and gives it up after 72 hours', () => {
    const state = { firstFailureAt: 0 };
    const tierFor = (wait: number): unknown => schedule.untilSlot(1_000 + wait, state, 1_000);
    const waits = [0, 5_499, 32_999, 33_000, 124_999, 125_000, 904_999, 905_000, 3_605_000, 100_000_000];
    expect(waits.map(tierFor)).toMatchObject(
      ['5s', '5s', '5s', '30s', '30s', '2m', '2m', '15m', '1h', '1h'].map((name) => ({
        kind: 'retry',
        tier: { name },
      })),
    );
    expect(schedule.untilSlot(0, state, MAX_RETRY_AGE_MS)).toEqual({ kind: 'dead_letter', reason: 'too_old' });
  });

  it.each([
    ['5s,abc', '"abc" is not a delay'],
    ['', '"" is not a delay'],
    ['0s', '"0s" is not a delay'],
    ['30s,5s', 'must grow: 5s comes after 30s'],
    ['5s,5s', 'must grow'],
    ['in5s', '"in5s" is not a delay'],
    ['5seconds', '"5seconds" is not a delay'],
    ['5', '"5" is not a delay'],
    ['5s,1234567890s', '"1234567890s" is not a delay'],
    ['5s, ,30s', '"" is not a delay'],
  ])('refuses %p', (text, message) => {
    expect(() => RetrySchedule.parse(text)).toThrow(message);
  });

  it('refuses a schedule without a delay', () => {
    expect(() => new RetrySchedule([])).toThrow('RETRY_SCHEDULE is empty');
  });

  it('does not mind spaces around a delay', () => {
    expect(RetrySchedule.parse(' 5s , 30s ').tiers.map(({ name }) => name)).toEqual(['5s', '30s']);
  });

  it('reads delays in every unit', () => {
    expect(['250ms', '5s', '2m', '6h', '1d'].map((name) => parseTier(name)?.delayMs)).toEqual([
      250, 5_000, 120_000, 21_600_000, 86_400_000,
    ]);
  });
});

describe('dueAt', () => {
  it('is never earlier than append time plus delay, and later by a tenth of the delay or 5 s at most', () => {
    const short = { name: '30s', delayMs: 30_000 };
    const long = { name: '6h', delayMs: 21_600_000 };
    expect(dueAt(1_000, short, 0)).toBe(31_000);
    expect(dueAt(1_000, short, 0.999_999)).toBeLessThan(34_000);
    expect(dueAt(0, long, 0.999_999)).toBeLessThan(21_605_000);
    expect(dueAt(0, long, 0.5)).toBe(21_602_500);
  });
});
