import type { WebhookHour } from '#libs/domain';
import type { Collection, Filter } from 'mongodb';

import type { Store } from '../store.ts';
import { replaceOlder } from '../repeatable-writes.ts';

interface HourDocument {
  readonly _id: string;
  readonly webhook_id: string;
  readonly hour: Date;
  readonly delivered: number;
  readonly failed: number;
  readonly held: number;
  readonly skipped: number;
  readonly latency: ReadonlyArray<{ readonly bucket: number; readonly count: number }>;
  /** How many attempts were counted: a count of more replaces a count of fewer. */
  readonly attempts: number;
  readonly expires_at?: Date | undefined;
}

/** Webhooks' attempts hour by hour. Every method throws UnavailableError while MongoDB does not answer. */
export class WebhookHourRepository {
  private readonly store: Store;
  private readonly keepMs: number;
  private readonly collection: Collection<HourDocument>;

  /** @param options.keepMs how long an hour is kept from its beginning on; -1 = without limit. */
  constructor(store: Store, options: { keepMs: number }) {
    this.store = store;
    this.keepMs = options.keepMs;
    this.collection = store.collection<HourDocument>('webhook_hours');
  }

  /** Creates the indexes that the queries below need; existing ones are left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([
        { key: { webhook_id: 1, hour: 1 }, name: 'webhook' },
        { key: { expires_at: 1 }, name: 'expiry', expireAfterSeconds: 0 },
      ]),
    );
  }

  /**
   * Stores what an hour came to, unless a count of more attempts is stored already: attempts are only ever added to an hour, so
   * whoever counted fewer looked earlier, or when some had expired.
   */
  async put(hour: WebhookHour): Promise<void> {
    const { _id, ...document } = this.toDocument(hour);
    const unlessNewer: Filter<HourDocument> = { _id, attempts: { $lte: document.attempts } };
    await replaceOlder(this.store, this.collection, [{ unlessNewer, document }]);
  }

  /** A webhook's hours that begin in a span of time, in their order. @param span milliseconds since the epoch, `until` excluded. */
  async list(webhookId: string, span: { readonly since: number; readonly until: number }): Promise<WebhookHour[]> {
    const hour = { $gte: new Date(span.since), $lt: new Date(span.until) };
    const documents = await this.store.run(() =>
      this.collection.find({ webhook_id: webhookId, hour }).sort({ hour: 1 }).toArray(),
    );
    return documents.map(fromDocument);
  }

  private toDocument(given: WebhookHour): HourDocument {
    const { webhookId, hour, delivered, failed, held, skipped, latency } = given;
    return {
      _id: `${webhookId}/${new Date(hour).toISOString()}`,
      webhook_id: webhookId,
      hour: new Date(hour),
      delivered,
      failed,
      held,
      skipped,
      latency: [...latency].map(([bucket, count]) => ({ bucket, count })).toSorted((a, b) => a.bucket - b.bucket),
      attempts: delivered + failed + held + skipped,
      expires_at: this.keepMs < 0 ? undefined : new Date(hour + this.keepMs),
    };
  }
}

function fromDocument(document: HourDocument): WebhookHour {
  const { delivered, failed, held, skipped, latency } = document;
  return {
    webhookId: document.webhook_id,
    hour: document.hour.getTime(),
    delivered,
    failed,
    held,
    skipped,
    latency: new Map(latency.map(({ bucket, count }) => [bucket, count])),
  };
}
