import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '#libs/runtime';

import { FailedAccess } from './failed-access.ts';

function failedAccess() {
  const pauses: number[] = [];
  const open: Array<() => void> = [];
  const metrics = createMetrics('test');
  const failures = new FailedAccess({
    metrics,
    pause: (ms) => {
      pauses.push(ms);
      return new Promise<void>((resolve) => open.push(resolve));
    },
  });
  return { failures, pauses, open, metrics };
}

const ten = Array.from({ length: 10 });

describe('failed access', () => {
  it('costs nothing at first, then a wait, for the address alone', async () => {
    const { failures, pauses, open } = failedAccess();
    for (const _ of ten) await failures.noted('192.0.2.1', 'WRONG_KEY');
    expect(pauses).toEqual([]);
    const slow = failures.noted('192.0.2.1', 'WRONG_KEY');
    expect(pauses).toEqual([5_000]);
    await failures.noted('192.0.2.2', 'WRONG_KEY');
    open[0]?.();
    await slow;
    expect(pauses).toHaveLength(1);
  });

  it('counts all addresses of a network of IPv6 as one, and IPv4 in IPv6 as IPv4', async () => {
    const { failures, pauses } = failedAccess();
    for (const [index] of ten.entries()) await failures.noted(`2001:db8:1:2::${index}`, 'NO_KEY');
    for (const _ of ten) await failures.noted('192.0.2.1', 'NO_KEY');
    expect(pauses).toEqual([]);
    void failures.noted('2001:db8:1:2:ffff::1', 'NO_KEY');
    void failures.noted('::ffff:192.0.2.1', 'NO_KEY');
    expect(pauses).toHaveLength(2);
  });

  it('is turned away once too many wait', async () => {
    const { failures, pauses, open } = failedAccess();
    for (const _ of ten) await failures.noted('192.0.2.1', 'WRONG_KEY');
    const waiting = Array.from({ length: 500 }, () => failures.noted('192.0.2.1', 'WRONG_KEY'));
    await expect(failures.noted('192.0.2.1', 'WRONG_KEY')).rejects.toMatchObject({
      reason: 'TOO_MANY_FAILURES',
      retryAfterSeconds: 60,
    });
    expect(pauses).toHaveLength(500);
    open[0]?.();
    await waiting[0];
    void failures.noted('192.0.2.1', 'WRONG_KEY');
    expect(pauses).toHaveLength(501);
  });

  it('is counted by its reason', async () => {
    const { failures, metrics } = failedAccess();
    await failures.noted('192.0.2.1', 'NO_KEY');
    expect(await metrics.metrics()).toContain('admin_failed_authentications_total{reason="NO_KEY",app="test"} 1');
  });
});
