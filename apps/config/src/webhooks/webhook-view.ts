import { filterJson } from '#libs/domain';
import type { StoredWebhook } from '#libs/store';

import { showTime } from '../http/time-span.ts';
import { shownHeaders } from './headers/own-headers.ts';

/** A webhook as the admin REST shows it: everything but its secrets. */
export function webhookView(webhook: StoredWebhook): Readonly<Record<string, unknown>> {
  return {
    id: webhook.id,
    customer_id: webhook.customerId,
    name: webhook.name ?? null,
    description: webhook.description ?? null,
    url: webhook.url,
    event_types: webhook.eventTypes,
    status: webhook.status,
    disabled_reason: webhook.disabledReason ?? null,
    disabled_at: showTime(webhook.disabledAt),
    success: webhook.success,
    signatures: webhook.signatures,
    method: webhook.method ?? 'POST',
    headers: shownHeaders(webhook.headers),
    rate_limit: webhook.rateLimit ?? null,
    filter: webhook.filter?.kind === 'filter' ? filterJson(webhook.filter.filter) : null,
    tm_create: new Date(webhook.createdAt).toISOString(),
    tm_update: new Date(webhook.updatedAt).toISOString(),
  };
}
