import type { Clock, DisabledReason, PendingControl, WebhookNotice } from '#libs/domain';
import type { Collection, Filter, UpdateFilter } from 'mongodb';

import type { Store } from './store.ts';
import { fromDocument, living, newMark, type StoredWebhook, type WebhookDocument } from './webhook-document.ts';
import { fromNoticeDocument, toNoticeDocument } from './webhook-notice-document.ts';

/** A webhook with events about it that have yet to be sent. */
export interface PendingNotices {
  readonly webhook: StoredWebhook;
  /** The oldest first. */
  readonly notices: readonly WebhookNotice[];
  /** What the owners of the partitions have to be told before. */
  readonly control: PendingControl | undefined;
}

const SWEEP_LIMIT = 100;

/**
 * What is decided about webhooks by their health. Disabling one sets the mark for the control records in the same write, and what its
 * customer is to be told lies in the same document until it was sent. Every method throws UnavailableError while MongoDB does not answer.
 */
export class WebhookStatusRepository {
  private readonly store: Store;
  private readonly collection: Collection<WebhookDocument>;
  private readonly clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.collection = store.collection<WebhookDocument>('webhooks');
    this.clock = clock;
  }

  /** Creates the index that {@link pendingNotices} needs; an existing one is left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([
        {
          key: { 'notices.at': 1 },
          name: 'notices',
          partialFilterExpression: { 'notices.at': { $exists: true } },
        },
      ]),
    );
  }

  /**
   * Disables a webhook by what was known of it; undefined when it was changed since it was read.
   *
   * @param webhook as it was when it was judged.
   */
  async disableJudged(
    webhook: StoredWebhook,
    given: { reason: DisabledReason; at: number; warnedAt: number | undefined; notices: readonly WebhookNotice[] },
  ): Promise<PendingNotices | undefined> {
    const warned = given.warnedAt === undefined ? {} : { warned_at: new Date(given.warnedAt) };
    return this.notice(webhook, given.notices, {
      $set: { ...this.disabled(given.reason, given.at), ...warned },
      $inc: { revision: 1 },
    });
  }

  /** Notes that a webhook's customer is told that it is failing; undefined when it was changed since it was read. */
  async warn(
    webhook: StoredWebhook,
    given: { warnedAt: number; notices: readonly WebhookNotice[] },
  ): Promise<PendingNotices | undefined> {
    return this.notice(webhook, given.notices, { $set: { warned_at: new Date(given.warnedAt) } });
  }

  /** Events older than `ageMs` that have yet to be sent, at most 100 webhooks: what a crash or an outage left. */
  async pendingNotices(ageMs: number): Promise<PendingNotices[]> {
    const filter = { 'notices.at': { $lt: new Date(this.clock.now() - ageMs) }, deleted_at: { $exists: false } };
    const documents = await this.store.run(() =>
      this.collection.find(filter).sort({ 'notices.at': 1 }).limit(SWEEP_LIMIT).toArray(),
    );
    return documents.map(pendingOf);
  }

  /** An event about a webhook was sent. */
  async noticed(webhookId: string, noticeId: string): Promise<void> {
    await this.store.run(async () => {
      await this.collection.updateOne({ _id: webhookId }, { $pull: { notices: { id: noticeId } } });
      await this.collection.updateOne({ _id: webhookId, notices: [] }, { $unset: { notices: '' } });
    });
  }

  private async notice(
    webhook: StoredWebhook,
    notices: readonly WebhookNotice[],
    change: UpdateFilter<WebhookDocument>,
  ): Promise<PendingNotices | undefined> {
    const unchanged: Filter<WebhookDocument> = {
      ...living(webhook.id, webhook.customerId),
      status: 'active',
      enabled_at: sameTime(webhook.enabledAt),
      warned_at: sameTime(webhook.warnedAt),
    };
    const update = { ...change, $push: { notices: { $each: notices.map(toNoticeDocument) } } };
    const document = await this.store.run(() =>
      this.collection.findOneAndUpdate(unchanged, update, { returnDocument: 'after' }),
    );
    return document ? pendingOf(document) : undefined;
  }

  private disabled(reason: DisabledReason, at: number): Partial<WebhookDocument> {
    return {
      status: 'disabled',
      disabled_reason: reason,
      disabled_at: new Date(at),
      updated_at: new Date(at),
      control_pending: newMark(this.clock),
    };
  }
}

function pendingOf(document: WebhookDocument): PendingNotices {
  return {
    webhook: fromDocument(document),
    notices: (document.notices ?? []).map(fromNoticeDocument),
    control: controlOf(document),
  };
}

function controlOf({ _id, customer_id, control_pending }: WebhookDocument): PendingControl | undefined {
  return control_pending && { webhookId: _id, customerId: customer_id, token: control_pending.token };
}

function sameTime(at: number | undefined): Date | { readonly $exists: false } {
  return at === undefined ? { $exists: false } : new Date(at);
}
