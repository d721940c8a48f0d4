import { randomBytes, randomUUID } from 'node:crypto';

import { systemClock } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import { Store, type StoredWebhook, WebhookRepository } from '#libs/store';

import { pathOf } from '../receiver/target.ts';
import type { Origin, PlannedWebhook } from './workload.ts';

const SECRET_BYTES = 32;

/**
 * Puts webhooks into the store. The marks that control records are due stay: nobody has these webhooks in a cache yet, and no
 * config app runs that would send them.
 */
export async function seedWebhooks(
  planned: readonly PlannedWebhook[],
  given: { mongodbUri: string; secretBox: SecretBox; origins: Readonly<Record<Origin, string>> },
): Promise<void> {
  const store = new Store({ uri: given.mongodbUri });
  try {
    const repository = new WebhookRepository(store, systemClock);
    await repository.ensureIndexes();
    await repository.insertMany(planned.map((webhook) => stored(webhook, given.secretBox, given.origins)));
  } finally {
    await store.close();
  }
}

function stored(
  webhook: PlannedWebhook,
  secretBox: SecretBox,
  origins: Readonly<Record<Origin, string>>,
): StoredWebhook {
  const now = systemClock.now();
  return {
    id: randomUUID(),
    customerId: webhook.customerId,
    url: origins[webhook.origin] + pathOf(webhook.target),
    revision: 1,
    eventTypes: webhook.eventTypes,
    status: 'active',
    success: '200',
    signatures: ['standard'],
    secrets: [{ sealed: secretBox.seal(randomBytes(SECRET_BYTES)) }],
    createdAt: now,
    updatedAt: now,
  };
}
