import type { Response } from 'express';
import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';

import { ApiError } from '../http/api-error.ts';

/** How many requests an access key may make. */
export interface KeyRate {
  readonly perSecond: number;
  /** How many at once, after a pause. */
  readonly burst: number;
}

/** A key that is asked for after so many others begins with a full bucket again. */
const MAX_KEYS = 50_000;
const SECOND_MS = 1_000;

/** Keeps access keys to their rate: a token bucket for each, in this process. */
export class KeyRates {
  private readonly rate: KeyRate;
  private readonly buckets = new LRUCache<string, TokenBucket>({ max: MAX_KEYS });

  constructor(rate: KeyRate) {
    this.rate = rate;
  }

  /**
   * Counts a request, and says in its answer what is left (draft-ietf-httpapi-ratelimit-headers-10: `q` requests in `w` seconds are allowed, `r` are
   * left, and all are there again in `t` seconds).
   *
   * @throws ApiError 429, with `Retry-After`
   */
  count(keyId: string, response: Response): void {
    const { perSecond, burst } = this.rate;
    const bucket = this.bucketOf(keyId);
    const passes = bucket.tryRemoveTokens(1);
    const full = Math.ceil((burst - bucket.content) / perSecond);
    response.setHeader('ratelimit-policy', `"key";q=${burst};w=${Math.ceil(burst / perSecond)}`);
    response.setHeader('ratelimit', `"key";r=${Math.floor(bucket.content)};t=${full}`);
    if (passes) return;
    response.setHeader('retry-after', String(Math.max(1, Math.ceil(bucket.getWaitTime(1) / SECOND_MS))));
    const message = `An access key may make ${perSecond} requests a second, and ${burst} at once after a pause; wait as Retry-After says.`;
    throw new ApiError('RESOURCE_EXHAUSTED', 'RATE_LIMITED', message);
  }

  private bucketOf(keyId: string): TokenBucket {
    const known = this.buckets.get(keyId);
    if (known) return known;
    const { perSecond, burst } = this.rate;
    const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: perSecond, interval: SECOND_MS });
    bucket.content = burst;
    this.buckets.set(keyId, bucket);
    return bucket;
  }
}
