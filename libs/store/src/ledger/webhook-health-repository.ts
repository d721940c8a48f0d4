import { isDeepStrictEqual } from 'node:util';

import { mergeHealth, NO_HEALTH, type WebhookHealth } from '#libs/domain';
import type { Collection } from 'mongodb';

import { isDuplicate, type Store } from '../store.ts';

interface HealthDocument {
  readonly _id: string;
  readonly last_success_at: Date | null;
  readonly last_failure_at: Date | null;
  readonly failing_since: Date | null;
  /** Absent, like what follows, in documents from before it was counted. */
  readonly failures?: number;
  readonly last_other_at?: Date | null;
  readonly gone_since?: Date | null;
  readonly enabled_at?: Date | null;
  /** Grows with each change: a change that was made from an older state is made anew. */
  readonly revision: number;
}

/** How webhooks are doing. Every method throws UnavailableError while MongoDB does not answer. */
export class WebhookHealthRepository {
  private readonly store: Store;
  private readonly collection: Collection<HealthDocument>;

  constructor(store: Store) {
    this.store = store;
    this.collection = store.collection<HealthDocument>('webhook_health');
  }

  async find(webhookId: string): Promise<WebhookHealth> {
    const document = await this.read(webhookId);
    return document ? fromDocument(document) : NO_HEALTH;
  }

  /** Joins a view of a webhook to what is stored, see {@link mergeHealth}; several may do so at once. */
  async merge(webhookId: string, view: WebhookHealth): Promise<void> {
    for (;;) {
      const stored = await this.read(webhookId);
      const before = stored ? fromDocument(stored) : NO_HEALTH;
      const merged = mergeHealth(before, view);
      if (isDeepStrictEqual(before, merged) || (await this.write(webhookId, merged, stored?.revision))) return;
    }
  }

  private async read(webhookId: string): Promise<HealthDocument | null> {
    return await this.store.run(() => this.collection.findOne({ _id: webhookId }));
  }

  /** False when somebody else changed it meanwhile. */
  private async write(webhookId: string, health: WebhookHealth, revision: number | undefined): Promise<boolean> {
    const document: HealthDocument = { _id: webhookId, ...valuesOf(health), revision: (revision ?? 0) + 1 };
    if (revision !== undefined) {
      const replaced = await this.store.run(() => this.collection.replaceOne({ _id: webhookId, revision }, document));
      return replaced.matchedCount === 1;
    }
    try {
      await this.store.run(() => this.collection.insertOne(document));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}

function valuesOf(health: WebhookHealth): Omit<HealthDocument, '_id' | 'revision'> {
  return {
    last_success_at: dateOf(health.lastSuccessAt),
    last_failure_at: dateOf(health.lastFailureAt),
    failing_since: dateOf(health.failingSince),
    failures: health.failures,
    last_other_at: dateOf(health.lastOtherAt),
    gone_since: dateOf(health.goneSince),
    enabled_at: dateOf(health.enabledAt),
  };
}

function fromDocument(document: HealthDocument): WebhookHealth {
  return {
    lastSuccessAt: document.last_success_at?.getTime(),
    lastFailureAt: document.last_failure_at?.getTime(),
    failingSince: document.failing_since?.getTime(),
    failures: document.failures ?? 0,
    lastOtherAt: document.last_other_at?.getTime(),
    goneSince: document.gone_since?.getTime(),
    enabledAt: document.enabled_at?.getTime(),
  };
}

function dateOf(at: number | undefined): Date | null {
  return at === undefined ? null : new Date(at);
}
