import { randomUUID } from 'node:crypto';

import type { StoredWebhook } from '../src/webhook-document.ts';

/** A webhook of a customer of its own, with what a test sets. */
export function aWebhook(given: Partial<StoredWebhook> = {}): StoredWebhook {
  return {
    id: randomUUID(),
    customerId: randomUUID(),
    url: 'https://example.com/hooks',
    revision: 1,
    eventTypes: ['call_hangup'],
    status: 'active',
    success: '200',
    signatures: ['standard'],
    secrets: [{ sealed: 'v1.current' }],
    createdAt: Date.UTC(2026, 0, 1),
    updatedAt: Date.UTC(2026, 0, 1),
    ...given,
  };
}
