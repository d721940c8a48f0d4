import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import type { Collection } from 'mongodb';

import { isDuplicate, type Store } from './store.ts';

/** How long an answer is kept for who asks again, in milliseconds. */
const KEPT_MS = 24 * 3_600_000;
/** Whoever does not come back within this has crashed; longer than any request takes. */
const LEASE_MS = 120_000;

/** A request that is to be carried out once. */
export interface OnceRequest {
  /** A hash of who asks and the key that he chose. */
  readonly id: string;
  /** A hash of what is asked. */
  readonly fingerprint: string;
}

/** What was answered. */
export interface KeptAnswer {
  /** Sealed. */
  readonly body: string;
  readonly etag?: string | undefined;
}

export type OnceOutcome =
  /** Carry it out, and tell what came of it with this token. */
  | { readonly kind: 'begun'; readonly token: string }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  | { readonly kind: 'under_way' }
  /** The key was used for something else. */
  | { readonly kind: 'other_request' };

interface OnceDocument {
  readonly _id: string;
  readonly fingerprint: string;
  readonly token: string;
  readonly leased_until: Date;
  readonly answer?: KeptAnswer;
  readonly expires_at: Date;
}

/** Requests with an idempotency key, each kept for 24 hours. Every method throws UnavailableError while MongoDB does not answer. */
export class IdempotencyRepository {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly collection: Collection<OnceDocument>;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
    this.collection = store.collection<OnceDocument>('idempotency_keys');
  }

  /** Has MongoDB remove what is over; an existing index is left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([{ key: { expires_at: 1 }, name: 'expiry', expireAfterSeconds: 0 }]),
    );
  }

  /** Takes a request on, if nobody has. */
  async begin({ id, fingerprint }: OnceRequest): Promise<OnceOutcome> {
    const fresh = this.fresh(fingerprint);
    try {
      await this.store.run(() => this.collection.insertOne({ _id: id, ...fresh }));
      return { kind: 'begun', token: fresh.token };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    const found = await this.store.run(() => this.collection.findOne({ _id: id }));
    if (!found) return { kind: 'under_way' };
    const now = this.clock.now();
    // MongoDB removes what has expired a while later.
    const over = found.expires_at.getTime() <= now;
    if (!over && found.fingerprint !== fingerprint) return { kind: 'other_request' };
    if (!over && found.answer) return { kind: 'answered', answer: found.answer };
    if (!over && found.leased_until.getTime() > now) return { kind: 'under_way' };
    const taken = await this.store.run(() =>
      this.collection.replaceOne({ _id: id, token: found.token, leased_until: found.leased_until }, fresh),
    );
    return taken.matchedCount === 1 ? { kind: 'begun', token: fresh.token } : { kind: 'under_way' };
  }

  /** Keeps the answer for who asks again. */
  async finish(id: string, token: string, answer: KeptAnswer): Promise<void> {
    await this.store.run(() => this.collection.updateOne({ _id: id, token }, { $set: { answer } }));
  }

  /** Nothing was done: the key is free again. */
  async release(id: string, token: string): Promise<void> {
    await this.store.run(() => this.collection.deleteOne({ _id: id, token }));
  }

  private fresh(fingerprint: string): Omit<OnceDocument, '_id'> & { readonly token: string } {
    const now = this.clock.now();
    return {
      fingerprint,
      token: randomUUID(),
      leased_until: new Date(now + LEASE_MS),
      expires_at: new Date(now + KEPT_MS),
    };
  }
}
