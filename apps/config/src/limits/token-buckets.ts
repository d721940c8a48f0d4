import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';

/** How many tokens a bucket holds, and how fast it fills. */
export interface BucketSize {
  readonly burst: number;
  readonly tokens: number;
  /** In which that many tokens come, in milliseconds. */
  readonly intervalMs: number;
}

/** One that is asked for after so many others begins with a full bucket again. */
const MAX_BUCKETS = 50_000;

/** A token bucket for each of many, full at first. */
export class TokenBuckets {
  private readonly size: BucketSize;
  private readonly buckets = new LRUCache<string, TokenBucket>({ max: MAX_BUCKETS });

  constructor(size: BucketSize) {
    this.size = size;
  }

  of(name: string): TokenBucket {
    const known = this.buckets.get(name);
    if (known) return known;
    const { burst, tokens, intervalMs } = this.size;
    const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: tokens, interval: intervalMs });
    bucket.content = burst;
    this.buckets.set(name, bucket);
    return bucket;
  }
}
