import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import type { AnyBulkWriteOperation, Collection } from 'mongodb';

import type { Store } from '../store.ts';

/** An hour of a webhook whose attempts have changed since they were counted. */
export interface DirtyHour {
  readonly webhookId: string;
  /** Its beginning, milliseconds since the epoch. */
  readonly hour: number;
  /** Another one after each change. */
  readonly token: string;
}

interface DirtyDocument {
  readonly _id: string;
  readonly webhook_id: string;
  readonly hour: Date;
  readonly token: string;
  readonly due_at: Date;
}

/**
 * Marks on hours that have to be counted anew. A mark is set after the attempts were written, and goes only when it is still the one
 * that was there before the counting: whoever crashes in between leaves a mark. Every method throws UnavailableError while MongoDB
 * does not answer.
 */
export class DirtyHourRepository {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly collection: Collection<DirtyDocument>;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
    this.collection = store.collection<DirtyDocument>('dirty_hours');
  }

  /** Creates the index that {@link claim} needs; an existing one is left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() => this.collection.createIndexes([{ key: { due_at: 1 }, name: 'due' }]));
  }

  /** Marks hours. @param waitMs how long a new mark waits for more attempts of its hour; one that is there keeps its time. */
  async mark(hours: ReadonlyArray<Pick<DirtyHour, 'webhookId' | 'hour'>>, waitMs: number): Promise<void> {
    const token = randomUUID();
    const dueAt = new Date(this.clock.now() + waitMs);
    const unique = new Map(hours.map((given) => [idOf(given), given]));
    const operations = [...unique].map(([_id, { webhookId, hour }]): AnyBulkWriteOperation<DirtyDocument> => ({
      updateOne: {
        filter: { _id },
        update: { $set: { token }, $setOnInsert: { webhook_id: webhookId, hour: new Date(hour), due_at: dueAt } },
        upsert: true,
      },
    }));
    if (operations.length > 0) {
      await this.store.run(() => this.collection.bulkWrite(operations, { ordered: false }));
    }
  }

  /** Takes the mark that has been due longest; undefined when none is. @param leaseMs how long nobody else takes it. */
  async claim(leaseMs: number): Promise<DirtyHour | undefined> {
    const now = this.clock.now();
    const document = await this.store.run(() =>
      this.collection.findOneAndUpdate(
        { due_at: { $lte: new Date(now) } },
        { $set: { due_at: new Date(now + leaseMs) } },
        { sort: { due_at: 1 }, returnDocument: 'after' },
      ),
    );
    return document
      ? { webhookId: document.webhook_id, hour: document.hour.getTime(), token: document.token }
      : undefined;
  }

  /** Has nobody else take a claimed mark for `leaseMs` more. */
  async keep(dirty: DirtyHour, leaseMs: number): Promise<void> {
    const dueAt = new Date(this.clock.now() + leaseMs);
    await this.store.run(() => this.collection.updateOne({ _id: idOf(dirty) }, { $set: { due_at: dueAt } }));
  }

  /** Removes a mark after the counting; one that was set anew meanwhile stays, and is due after `restMs`. */
  async counted(dirty: DirtyHour, restMs: number): Promise<void> {
    const _id = idOf(dirty);
    await this.store.run(async () => {
      const removed = await this.collection.deleteOne({ _id, token: dirty.token });
      if (removed.deletedCount > 0) return;
      await this.collection.updateOne({ _id }, { $set: { due_at: new Date(this.clock.now() + restMs) } });
    });
  }
}

function idOf({ webhookId, hour }: Pick<DirtyHour, 'webhookId' | 'hour'>): string {
  return `${webhookId}/${new Date(hour).toISOString()}`;
}
