import { setTimeout as pauseFor } from 'node:timers/promises';

import { Counter, type MetricsRegistry } from '#libs/runtime';
import ipaddr from 'ipaddr.js';

import { tooManyRequests } from '../http/api-error.ts';
import { TokenBuckets } from './token-buckets.ts';

/** So many failures in a row cost nothing: somebody has mistyped a key. */
const FREE_FAILURES = 10;
/** Then one every six seconds costs nothing. */
const INTERVAL_MS = 60_000;
const LONGEST_WAIT_MS = 5_000;
/** So many answers are kept waiting at once, over all addresses; whoever comes then is turned away. */
const MAX_WAITING = 500;
const SUBNET_PARTS = 4;

/**
 * Counts requests without a valid key, and slows down the addresses that go on making them. A valid key is never slowed, so nobody can
 * lock out those who share an address with him.
 */
export class FailedAccess {
  private readonly buckets = new TokenBuckets({
    burst: FREE_FAILURES,
    tokens: FREE_FAILURES,
    intervalMs: INTERVAL_MS,
  });
  private readonly counter: Counter<'reason'>;
  private readonly pause: (ms: number) => Promise<unknown>;
  private waiting = 0;

  /** @param given.pause resolves after so many milliseconds */
  constructor(given: { metrics: MetricsRegistry; pause?: (ms: number) => Promise<unknown> }) {
    this.pause = given.pause ?? ((ms) => pauseFor(ms, undefined, { ref: false }));
    this.counter = new Counter({
      name: 'admin_failed_authentications_total',
      help: 'Requests to the admin REST without a valid key, by what was wrong',
      labelNames: ['reason'],
      registers: [given.metrics],
    });
  }

  /** Resolves when the answer may go out. @throws ApiError 429 when too many wait already */
  async noted(address: string, reason: string): Promise<void> {
    this.counter.inc({ reason });
    const bucket = this.buckets.of(networkOf(address));
    if (bucket.tryRemoveTokens(1)) return;
    if (this.waiting >= MAX_WAITING) {
      const message = 'There have been too many requests without a valid access key; wait a minute, and check the key.';
      throw tooManyRequests('TOO_MANY_FAILURES', message, INTERVAL_MS / 1_000);
    }
    this.waiting += 1;
    try {
      await this.pause(Math.min(bucket.getWaitTime(1), LONGEST_WAIT_MS));
    } finally {
      this.waiting -= 1;
    }
  }
}

/** An address of IPv4, or the 64 bits of one of IPv6 that name a network: who has one has all of them. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return 'parts' in parsed ? parsed.parts.slice(0, SUBNET_PARTS).join(':') : parsed.toString();
}
