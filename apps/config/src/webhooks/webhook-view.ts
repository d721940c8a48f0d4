import { filterJson } from '#libs/domain';
import type { StoredWebhook } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_CUSTOMER, EXAMPLE_WEBHOOK } from '../openapi/example-ids.ts';
import { type Shown, shownId, shownTextOrNull, shownTime } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';
import { describedFilter } from './fields/described-filter.ts';
import { HIDDEN_VALUE } from './headers/header-rules.ts';
import { shownHeaders } from './headers/own-headers.ts';
import { EXAMPLE_SECRET } from './secrets/signing-secret.ts';

/** A webhook as the admin REST shows it. */
export const shownWebhook = z
  .object({
    id: shownId("The webhook's id.", EXAMPLE_WEBHOOK),
    customer_id: shownId('Whose it is.', EXAMPLE_CUSTOMER),
    name: shownTextOrNull('What its customer calls it.', 'Orders'),
    description: shownTextOrNull("The customer's notes.", null),
    url: z.string().meta({ description: 'Where events are sent to.', examples: ['https://example.com/webhooks'] }),
    event_types: z.array(z.string().meta({ examples: ['call_hangup'] })).meta({
      description: 'Event types, families such as `call_*`, or `*`.',
      examples: [['call_hangup', 'message_*']],
    }),
    status: z.enum(['active', 'paused', 'disabled']).meta({
      description:
        'A paused webhook gets nothing, and what waits for another attempt goes on waiting. Of a disabled one what waits becomes a dead letter.',
    }),
    disabled_reason: z
      .enum(['failing', 'gone', 'requested'])
      .nullable()
      .meta({
        description:
          '`failing`: nothing but failures for days. `gone`: the endpoint answered 410. `requested`: by a change. Null while it is active.',
        examples: [null],
      }),
    disabled_at: z
      .string()
      .nullable()
      .meta({ format: 'date-time', description: 'Since when it is disabled.', examples: [null] }),
    success: z.enum(['200', '2xx']).meta({ description: 'The statuses by which the endpoint takes an event over.' }),
    signatures: z
      .array(z.enum(['standard', 'voipbin']))
      .meta({ description: 'The signature headers that the endpoint gets.', examples: [['standard']] }),
    method: z.enum(['POST', 'PUT']).meta({ description: 'The method of the requests.' }),
    headers: z.record(z.string(), z.string()).meta({
      description: `Headers of its own for each request. \`${HIDDEN_VALUE}\` stands for values that are secrets by their names.`,
      examples: [{ 'x-tenant': 'blue' }],
    }),
    rate_limit: z
      .int()
      .nullable()
      .meta({ description: 'The most requests a second that the endpoint gets; null: no limit.', examples: [null] }),
    filter: describedFilter
      .nullable()
      .meta({ description: 'Which events of these types are wanted; null: all.', examples: [null] }),
    tm_create: shownTime('When it was created.'),
    tm_update: shownTime('When it was last changed.'),
  })
  .meta({ id: 'Webhook' });

/** The answer to its creation. */
export const shownNewWebhook = shownWebhook
  .extend({
    secret: z.string().meta({
      description:
        'The signing secret, by which the endpoint verifies requests (Standard Webhooks). `GET /webhooks/{id}/secret` shows it again.',
      examples: [EXAMPLE_SECRET],
    }),
  })
  .meta({ id: 'CreatedWebhook' });

/** A webhook as the admin REST shows it: everything but its secrets. */
export function webhookView(webhook: StoredWebhook): Shown<typeof shownWebhook> {
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
    tm_create: showTime(webhook.createdAt),
    tm_update: showTime(webhook.updatedAt),
  };
}
