import type { Clock, PendingControl, Webhook } from '#libs/domain';
import type { Collection, Filter } from 'mongodb';

import { insertMissing } from './repeatable-writes.ts';
import type { Store } from './store.ts';
import {
  type ControlMark,
  fromDocument,
  inScope,
  living,
  newMark,
  type StoredWebhook,
  toDocument,
  type WebhookDocument,
} from './webhook-document.ts';

const SWEEP_LIMIT = 100;
/** A write that syncs each document has to be answered within the driver's time limit, on a slow disk too. */
const INSERT_LIMIT = 200;

/**
 * Webhooks. Every write also sets a mark, in the same document, that control records are due; {@link told} clears it.
 * Every method throws UnavailableError while MongoDB does not answer.
 */
export class WebhookRepository {
  private readonly store: Store;
  private readonly collection: Collection<WebhookDocument>;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.collection = store.collection<WebhookDocument>('webhooks');
    this.clock = clock;
  }

  /** Creates the indexes that the queries below need; existing ones are left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([
        { key: { customer_id: 1, _id: 1 }, name: 'customer' },
        {
          key: { 'control_pending.since': 1 },
          name: 'control_pending',
          partialFilterExpression: { 'control_pending.since': { $exists: true } },
        },
      ]),
    );
  }

  /** Its id is new: one that is there already is this very webhook, written by a try whose answer was lost. */
  async insert(webhook: StoredWebhook): Promise<PendingControl> {
    const mark = this.mark();
    await insertMissing(this.store, this.collection, [toDocument(webhook, mark)]);
    return { webhookId: webhook.id, customerId: webhook.customerId, token: mark.token };
  }

  /** Many webhooks, some at a time: after a failure some may be there, and the same call puts in the rest. */
  async insertMany(webhooks: readonly StoredWebhook[]): Promise<PendingControl[]> {
    const documents = webhooks.map((webhook) => toDocument(webhook, this.mark()));
    for (let first = 0; first < documents.length; first += INSERT_LIMIT) {
      await insertMissing(this.store, this.collection, documents.slice(first, first + INSERT_LIMIT));
    }
    return documents.flatMap(({ _id, customer_id, control_pending }) =>
      control_pending ? [{ webhookId: _id, customerId: customer_id, token: control_pending.token }] : [],
    );
  }

  /** One webhook; undefined when it does not exist, or belongs to somebody else where `customerId` is given. */
  async find(id: string, customerId?: string): Promise<StoredWebhook | undefined> {
    const document = await this.store.run(() => this.collection.findOne(living(id, customerId)));
    return document ? fromDocument(document) : undefined;
  }

  /** How many webhooks a customer has, whatever their status. */
  async count(customerId: string): Promise<number> {
    const filter: Filter<WebhookDocument> = { customer_id: customerId, deleted_at: { $exists: false } };
    return this.store.run(() => this.collection.countDocuments(filter));
  }

  /** A page of webhooks in the order of their ids. @param after the last id of the page before. */
  async list(options: {
    customerId?: string | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<StoredWebhook[]> {
    const filter: Filter<WebhookDocument> = {
      deleted_at: { $exists: false },
      ...(options.customerId === undefined ? {} : { customer_id: options.customerId }),
      ...(options.after === undefined ? {} : { _id: { $gt: options.after } }),
    };
    const documents = await this.store.run(() =>
      this.collection.find(filter).sort({ _id: 1 }).limit(options.limit).toArray(),
    );
    return documents.map(fromDocument);
  }

  /** Turns a webhook into a tombstone, again where not everybody was told yet; undefined when there is neither. */
  async bury(id: string, customerId?: string): Promise<PendingControl | undefined> {
    const mark = this.mark();
    const before = await this.store.run(() =>
      this.collection.findOneAndUpdate(inScope(id, customerId), {
        $set: { deleted_at: new Date(this.clock.now()), control_pending: mark },
      }),
    );
    return before ? { webhookId: id, customerId: before.customer_id, token: mark.token } : undefined;
  }

  /** Everybody was told of a change: a tombstone goes, otherwise the mark does, unless a later change set another. */
  async told({ webhookId, token }: PendingControl): Promise<void> {
    const same: Filter<WebhookDocument> = { _id: webhookId, 'control_pending.token': token };
    await this.store.run(async () => {
      const removed = await this.collection.deleteOne({ ...same, deleted_at: { $exists: true } });
      if (removed.deletedCount === 0) await this.collection.updateOne(same, { $unset: { control_pending: '' } });
    });
  }

  /** Marks older than `ageMs`, the oldest first and at most 100: what a crash left. */
  async pendingControls(ageMs: number): Promise<PendingControl[]> {
    const documents = await this.store.run(() =>
      this.collection
        .find({ 'control_pending.since': { $lt: new Date(this.clock.now() - ageMs) } })
        .sort({ 'control_pending.since': 1 })
        .limit(SWEEP_LIMIT)
        .toArray(),
    );
    return documents.flatMap(({ _id, customer_id, control_pending }) =>
      control_pending ? [{ webhookId: _id, customerId: customer_id, token: control_pending.token }] : [],
    );
  }

  /** A customer's webhooks that are not disabled, as a majority of the replica set has them. */
  async loadLiveWebhooks(customerId: string): Promise<readonly Webhook[]> {
    const filter: Filter<WebhookDocument> = {
      customer_id: customerId,
      status: { $ne: 'disabled' },
      deleted_at: { $exists: false },
    };
    return (await this.store.run(() => this.collection.find(filter).toArray())).map(fromDocument);
  }

  /** One webhook whatever its status; undefined when it was deleted. */
  findWebhook(id: string): Promise<Webhook | undefined> {
    return this.find(id);
  }

  private mark(): ControlMark {
    return newMark(this.clock);
  }
}
