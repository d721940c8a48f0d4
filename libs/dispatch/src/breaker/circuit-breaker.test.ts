import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { BREAKER_SETTINGS, CircuitBreaker, type Permit, type Verdict } from './circuit-breaker.ts';

const { consecutiveFailures, firstPauseMs, longestPauseMs, probes } = BREAKER_SETTINGS;

function attempt(breaker: CircuitBreaker, verdict: Verdict, now: number): void {
  const permit = breaker.permit(now);
  if (!permit) throw new Error('no permit');
  breaker.record(permit, verdict, now);
}

function fail(breaker: CircuitBreaker, times: number, now: number): void {
  for (let count = 0; count < times; count += 1) attempt(breaker, 'failure', now);
}

describe('CircuitBreaker', () => {
  it('opens after ten failures in a row, not after nine', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures - 1, 0);
    expect(breaker.phase).toBe('closed');
    fail(breaker, 1, 0);
    expect(breaker.phase).toBe('open');
    expect(breaker.permit(firstPauseMs - 1)).toBeUndefined();
    expect(breaker.refuses(firstPauseMs - 1)).toBe(true);
  });

  it.each(['success', 'answered'] as const)('starts counting anew after an attempt that ended with %s', (verdict) => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures - 1, 0);
    attempt(breaker, verdict, 0);
    fail(breaker, consecutiveFailures - 1, 60_000);
    expect(breaker.phase).toBe('closed');
  });

  it('opens when half of the last twenty attempts failed', () => {
    const breaker = new CircuitBreaker();
    for (let count = 0; count < 9; count += 1) {
      attempt(breaker, 'failure', count);
      attempt(breaker, 'success', count);
    }
    attempt(breaker, 'failure', 10);
    expect(breaker.phase).toBe('closed');
    attempt(breaker, 'failure', 11);
    expect(breaker.phase).toBe('open');
  });

  it('forgets failures older than its window', () => {
    const breaker = new CircuitBreaker();
    for (let count = 0; count < 9; count += 1) {
      attempt(breaker, 'failure', 0);
      attempt(breaker, 'success', 0);
    }
    attempt(breaker, 'failure', 20_000);
    attempt(breaker, 'failure', 20_000);
    expect(breaker.phase).toBe('closed');
    attempt(breaker, 'success', 20_000);
    expect(breaker.pristine(20_000)).toBe(false);
    expect(breaker.pristine(31_000)).toBe(true);
  });

  it('lets a fixed number of probes through after its pause, and closes when all succeed', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures, 0);
    const permits = Array.from({ length: probes + 2 }, () => breaker.permit(firstPauseMs));
    expect(permits.filter(Boolean)).toHaveLength(probes);
    for (const permit of permits.slice(0, probes - 1)) breaker.record(permit!, 'success', firstPauseMs);
    expect(breaker.phase).toBe('half_open');
    expect(breaker.refuses(firstPauseMs)).toBe(true);
    breaker.record(permits[probes - 1]!, 'success', firstPauseMs);
    expect(breaker.phase).toBe('closed');
    expect(breaker.permit(firstPauseMs)).toBeDefined();
  });

  it('opens again at one failed probe, for twice as long, up to a minute', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures, 0);
    let now = 0;
    for (let pause = firstPauseMs; ; pause *= 2) {
      const bounded = Math.min(pause, longestPauseMs);
      expect(breaker.permit(now + bounded - 1)).toBeUndefined();
      now += bounded;
      attempt(breaker, 'failure', now);
      expect(breaker.phase).toBe('open');
      if (pause > 4 * longestPauseMs) return;
    }
  });

  it('gets a probe back that was not used', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures, 0);
    const permits = Array.from({ length: probes }, () => breaker.permit(firstPauseMs)!);
    expect(breaker.permit(firstPauseMs)).toBeUndefined();
    breaker.record(permits[0]!, 'unused', firstPauseMs);
    expect(breaker.permit(firstPauseMs)).toBeDefined();
    expect(breaker.permit(firstPauseMs)).toBeUndefined();
  });

  it('does not count attempts that began before it opened', () => {
    const breaker = new CircuitBreaker();
    const late = [breaker.permit(0)!, breaker.permit(0)!, breaker.permit(0)!, breaker.permit(0)!];
    fail(breaker, consecutiveFailures, 0);
    breaker.permit(firstPauseMs);
    for (const permit of late.slice(1)) breaker.record(permit, 'success', firstPauseMs);
    expect(breaker.phase).toBe('half_open');
    breaker.record(late[0]!, 'failure', firstPauseMs);
    expect(breaker.phase).toBe('half_open');
  });

  it('refuses nothing once its pause is over, and is not pristine before it has closed', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures, 0);
    expect([firstPauseMs - 1, firstPauseMs].map((now) => breaker.refuses(now))).toEqual([true, false]);
    for (let count = 0; count < probes; count += 1) {
      expect(breaker.pristine(firstPauseMs)).toBe(false);
      attempt(breaker, 'answered', firstPauseMs);
    }
    expect(breaker.phase).toBe('closed');
    expect(breaker.pristine(firstPauseMs)).toBe(true);
  });

  it('begins anew when it has closed: with no failures, and with the shortest pause', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures, 0);
    for (let count = 0; count < probes; count += 1) attempt(breaker, 'success', firstPauseMs);
    fail(breaker, consecutiveFailures - 1, firstPauseMs);
    expect(breaker.phase).toBe('closed');
    fail(breaker, 1, firstPauseMs);
    expect(breaker.refuses(2 * firstPauseMs - 1)).toBe(true);
    expect(breaker.refuses(2 * firstPauseMs)).toBe(false);
  });

  it('remembers failures in a row however far apart they are', () => {
    const breaker = new CircuitBreaker();
    for (let count = 1; count < consecutiveFailures; count += 1) attempt(breaker, 'failure', count * 60_000);
    const now = consecutiveFailures * 60_000;
    expect(breaker.pristine(now)).toBe(false);
    attempt(breaker, 'failure', now);
    expect(breaker.phase).toBe('open');
  });

  it('takes an attempt that was not made for no verdict', () => {
    const breaker = new CircuitBreaker();
    fail(breaker, consecutiveFailures - 1, 0);
    breaker.record(breaker.permit(0)!, 'unused', 0);
    expect(breaker.phase).toBe('closed');
    fail(breaker, 1, 0);
    expect(breaker.phase).toBe('open');
  });

  it('stays closed while most of many attempts succeed', () => {
    const breaker = new CircuitBreaker();
    for (let round = 0; round < 20; round += 1) {
      for (let count = 0; count < 3; count += 1) attempt(breaker, 'success', round);
      fail(breaker, 2, round);
      expect(breaker.phase).toBe('closed');
    }
  });

  it('opens at exactly half', () => {
    const breaker = new CircuitBreaker();
    for (let count = 0; count < 9; count += 1) {
      attempt(breaker, 'failure', count);
      attempt(breaker, 'success', count);
    }
    attempt(breaker, 'success', 9);
    expect(breaker.phase).toBe('closed');
    attempt(breaker, 'failure', 9);
    expect(breaker.phase).toBe('open');
  });

  it('never has more probes under way than its budget, whatever happens', () => {
    const action = fc.record({
      wait: fc.nat({ max: 8_000 }),
      end: fc.option(fc.nat()),
      verdict: fc.constantFrom('failure', 'failure', 'failure', 'failure', 'failure', 'success', 'answered', 'unused'),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
        const breaker = new CircuitBreaker();
        const underway: Permit[] = [];
        let now = 0;
        for (const { wait, end, verdict } of actions) {
          now += wait;
          const refused = breaker.refuses(now);
          const permit = breaker.permit(now);
          expect(permit === undefined).toBe(refused);
          if (permit) underway.push(permit);
          const newest = Math.max(...underway.map(({ generation }) => generation));
          expect(underway.filter(({ probe, generation }) => probe && generation === newest).length).toBeLessThanOrEqual(
            probes,
          );
          if (end === null) continue;
          const [ended] = underway.splice(end % Math.max(1, underway.length), 1);
          if (ended) breaker.record(ended, verdict, now);
        }
      }),
      { numRuns: 300 },
    );
  });
});
