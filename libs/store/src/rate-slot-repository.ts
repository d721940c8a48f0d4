import { MAX_RETRY_AGE_MS, slotDistanceMs, type WantedSlots } from '#libs/domain';
import type { Collection } from 'mongodb';

import { isDuplicate, type Store } from './store.ts';

interface RateSlotDocument {
  /** Webhook and rate: another limit begins with slots of its own. */
  readonly _id: string;
  /** The next slot that is free. Milliseconds since the epoch, with fractions. */
  readonly next_at: number;
  readonly expires_at: Date;
}

/** A slot is never further away, so afterwards nothing hangs on it. */
const KEPT_MS = MAX_RETRY_AGE_MS + 86_400_000;

/** The slots of webhooks whose requests are limited. Every method throws UnavailableError while MongoDB does not answer. */
export class RateSlotRepository {
  private readonly store: Store;
  private readonly collection: Collection<RateSlotDocument>;

  constructor(store: Store) {
    this.store = store;
    this.collection = store.collection<RateSlotDocument>('rate_slots');
  }

  /** Has MongoDB remove what nobody asks for any more; an existing index is left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([{ key: { expires_at: 1 }, name: 'expiry', expireAfterSeconds: 0 }]),
    );
  }

  /**
   * Reserves slots that follow one another at the distance of the rate; nobody else gets them. Beyond 72 hours nothing is reserved:
   * whoever would wait for so long is given up before.
   *
   * @returns the time of the first, milliseconds since the epoch
   */
  async reserve(wanted: WantedSlots): Promise<number> {
    const inSight = await this.taken(wanted);
    if (inSight !== undefined) return inSight;
    await this.catchUp(wanted);
    return (await this.taken(wanted)) ?? wanted.now + MAX_RETRY_AGE_MS;
  }

  /** The first of the slots; undefined when the next free one is in the past, too far away, or unknown. */
  private async taken({ webhookId, rate, count, now }: WantedSlots): Promise<number | undefined> {
    const document = await this.store.run(() =>
      this.collection.findOneAndUpdate(
        { _id: idOf(webhookId, rate), next_at: { $gte: now, $lt: now + MAX_RETRY_AGE_MS } },
        { $inc: { next_at: count * slotDistanceMs(rate) }, $set: { expires_at: new Date(now + KEPT_MS) } },
        { returnDocument: 'after' },
      ),
    );
    return document === null ? undefined : document.next_at - count * slotDistanceMs(rate);
  }

  /** Slots that went by unused are not made up for. */
  private async catchUp({ webhookId, rate, now }: WantedSlots): Promise<void> {
    const update = { $max: { next_at: now }, $set: { expires_at: new Date(now + KEPT_MS) } };
    try {
      await this.store.run(() => this.collection.updateOne({ _id: idOf(webhookId, rate) }, update, { upsert: true }));
    } catch (error) {
      // Another worker has just made the same document.
      if (!isDuplicate(error)) throw error;
    }
  }
}

function idOf(webhookId: string, rate: number): string {
  return `${webhookId}/${rate}`;
}
