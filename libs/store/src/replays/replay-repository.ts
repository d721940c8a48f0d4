import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import type { Collection, Filter } from 'mongodb';

import { insertMissing } from '../repeatable-writes.ts';
import type { Store } from '../store.ts';
import { fromDocument, type ReplayDocument, toDocument } from './replay-document.ts';
import type { Replay, ReplayProgress, ReplaySource } from './replay.ts';

/** A replay that one worker may run for a while, and nobody else. */
export interface ReplayLease {
  readonly replay: Replay;
  /** Another one each time it is taken. */
  readonly owner: string;
}

const UNFINISHED = ['queued', 'running'] as const;
const FREE = new Date(0);

/** Replays and who runs them. Every method throws UnavailableError while MongoDB does not answer. */
export class ReplayRepository {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly keepMs: number;
  private readonly collection: Collection<ReplayDocument>;

  /** @param options.keepMs how long a replay is kept after its end; -1 = without limit. */
  constructor(store: Store, clock: Clock, options: { keepMs: number }) {
    this.store = store;
    this.clock = clock;
    this.keepMs = options.keepMs;
    this.collection = store.collection<ReplayDocument>('replays');
  }

  /** Creates the indexes that the queries below need; existing ones are left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([
        { key: { state: 1, 'source.kind': 1, leased_until: 1 }, name: 'claim' },
        { key: { webhook_id: 1, state: 1 }, name: 'webhook' },
        { key: { expires_at: 1 }, name: 'expiry', expireAfterSeconds: 0 },
      ]),
    );
  }

  /** Its id is new: one that is there already is this very replay, written by a try whose answer was lost. */
  async insert(replay: Replay): Promise<void> {
    await insertMissing(this.store, this.collection, [{ ...toDocument(replay), leased_until: FREE }]);
  }

  /** One replay; undefined when it does not exist, or belongs to somebody else where `customerId` is given. */
  async find(id: string, customerId?: string): Promise<Replay | undefined> {
    const document = await this.store.run(() => this.collection.findOne(owned(id, customerId)));
    return document ? fromDocument(document) : undefined;
  }

  /** A webhook's replays that are not over, at most `limit`. */
  async unfinished(webhookId: string, limit: number): Promise<Replay[]> {
    const filter: Filter<ReplayDocument> = { webhook_id: webhookId, state: { $in: [...UNFINISHED] } };
    return (await this.store.run(() => this.collection.find(filter).limit(limit).toArray())).map(fromDocument);
  }

  /**
   * Takes a replay that nobody runs; undefined when there is none.
   *
   * @param leaseMs how long nobody else takes it
   * @param others whose replays are not taken
   */
  async claim(
    kind: ReplaySource['kind'],
    leaseMs: number,
    others: readonly string[] = [],
  ): Promise<ReplayLease | undefined> {
    const now = this.clock.now();
    const owner = randomUUID();
    const document = await this.store.run(() =>
      this.collection.findOneAndUpdate(
        {
          state: { $in: [...UNFINISHED] },
          'source.kind': kind,
          leased_until: { $lte: new Date(now) },
          customer_id: { $nin: [...others] },
        },
        {
          $set: { state: 'running', owner, leased_until: new Date(now + leaseMs) },
          $min: { started_at: new Date(now) },
        },
        { sort: { leased_until: 1 }, returnDocument: 'after' },
      ),
    );
    return document ? { replay: fromDocument(document), owner } : undefined;
  }

  /** Goes on holding a replay. False when it is no longer this worker's: cancelled, or taken over. */
  async renew(lease: ReplayLease, leaseMs: number): Promise<boolean> {
    return this.change(lease, { leased_until: new Date(this.clock.now() + leaseMs) });
  }

  /** Stores how far it has come, all in one write, and goes on holding it. False as for {@link renew}. */
  async advance(lease: ReplayLease, progress: ReplayProgress, leaseMs: number): Promise<boolean> {
    return this.change(lease, { progress, leased_until: new Date(this.clock.now() + leaseMs) });
  }

  /** Ends it: done, or failed where `failure` says why. False as for {@link renew}. */
  async finish(lease: ReplayLease, failure?: string): Promise<boolean> {
    return this.change(lease, { state: failure === undefined ? 'done' : 'failed', failure, ...this.end() });
  }

  /** Lets somebody else go on at once. */
  async release(lease: ReplayLease): Promise<void> {
    await this.change(lease, { leased_until: FREE });
  }

  /** Cancels a replay, unless it is over; what is stored then. Undefined as for {@link find}. */
  async cancel(id: string, customerId?: string): Promise<Replay | undefined> {
    await this.store.run(() =>
      this.collection.updateOne(
        { ...owned(id, customerId), state: { $in: [...UNFINISHED] } },
        { $set: { state: 'cancelled', ...this.end() } },
      ),
    );
    return this.find(id, customerId);
  }

  private end(): Pick<ReplayDocument, 'finished_at' | 'expires_at'> {
    const now = this.clock.now();
    return { finished_at: new Date(now), expires_at: this.keepMs < 0 ? undefined : new Date(now + this.keepMs) };
  }

  private async change({ replay, owner }: ReplayLease, $set: Partial<ReplayDocument>): Promise<boolean> {
    const filter: Filter<ReplayDocument> = { _id: replay.id, owner, state: 'running' };
    const changed = await this.store.run(() => this.collection.updateOne(filter, { $set }));
    return changed.matchedCount === 1;
  }
}

function owned(id: string, customerId: string | undefined): Filter<ReplayDocument> {
  return { _id: id, ...(customerId === undefined ? {} : { customer_id: customerId }) };
}
