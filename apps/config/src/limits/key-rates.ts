import type { Response } from 'express';

import { tooManyRequests } from '../http/api-error.ts';
import { TokenBuckets } from './token-buckets.ts';

/** How many requests an access key may make. */
export interface KeyRate {
  readonly perSecond: number;
  /** How many at once, after a pause. */
  readonly burst: number;
}

const SECOND_MS = 1_000;

/** Keeps access keys to their rate: a token bucket for each, in this process. */
export class KeyRates {
  private readonly rate: KeyRate;
  private readonly buckets: TokenBuckets;

  constructor(rate: KeyRate) {
    this.rate = rate;
    this.buckets = new TokenBuckets({ burst: rate.burst, tokens: rate.perSecond, intervalMs: SECOND_MS });
  }

  /**
   * Counts a request, and says in its answer what is left (draft-ietf-httpapi-ratelimit-headers-10: `q` requests in `w` seconds are
   * allowed, `r` are left, and all are there again in `t` seconds).
   *
   * @throws ApiError 429, with `Retry-After`
   */
  count(keyId: string, response: Response): void {
    const { perSecond, burst } = this.rate;
    const bucket = this.buckets.of(keyId);
    const passes = bucket.tryRemoveTokens(1);
    const full = Math.ceil((burst - bucket.content) / perSecond);
    response.setHeader('ratelimit-policy', `"key";q=${burst};w=${Math.ceil(burst / perSecond)}`);
    response.setHeader('ratelimit', `"key";r=${Math.floor(bucket.content)};t=${full}`);
    if (passes) return;
    const message = `An access key may make ${perSecond} requests a second, and ${burst} at once after a pause; wait as Retry-After says.`;
    throw tooManyRequests('RATE_LIMITED', message, Math.max(1, Math.ceil(bucket.getWaitTime(1) / SECOND_MS)));
  }
}
