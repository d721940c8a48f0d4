import type { Catalogue } from '#libs/event-schemas';
import type { WebhookStatus } from '#libs/domain';
import type { WebhookChange } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_CUSTOMER } from '../../openapi/example-ids.ts';
import { customerId } from '../../customers/customer-id.ts';
import { ownSigningSecret } from '../secrets/signing-secret.ts';
import { endpointUrl } from './endpoint-url.ts';
import { eventFilter } from './event-filter.ts';
import { eventSelectors } from './event-selectors.ts';
import { webhookDescription, webhookName } from './label.ts';
import { rateLimit } from './rate-limit.ts';
import { requestHeaders } from './request-headers.ts';
import { signatureSchemes } from './signature-schemes.ts';

/** The fields of a webhook that its customer decides on, each with its rules. One that null clears is nullable. */
export type WebhookFields = ReturnType<typeof webhookFields>;
type Fields = z.output<WebhookFields>;
/** The fields that a request names. */
export type GivenFields = { readonly [K in keyof Fields]?: Fields[K] | undefined } & {
  readonly status?: WebhookStatus | undefined;
};

/** The body of `POST /webhooks`. */
export type NewWebhook = z.output<ReturnType<typeof newWebhookSchema>>;

const SECRET_IS_ROTATED = 'cannot be changed here; POST /webhooks/{id}/secret/rotate gives the webhook another one';
const OWNER = 'Whose webhook it is. Required with the operator key; an access key says it already.';
const CUSTOMER_IS_FIXED = 'cannot be changed; create a webhook for the other customer and delete this one';

export function webhookFields(catalogue: Catalogue, allowHttp: boolean) {
  return z.strictObject({
    url: endpointUrl(allowHttp),
    event_types: eventSelectors(catalogue),
    name: webhookName,
    description: webhookDescription,
    success: z.enum(['200', '2xx'], { error: 'must be "200" or "2xx"' }).meta({
      description: 'The statuses by which the endpoint takes an event over. Default: `"200"`.',
    }),
    signatures: signatureSchemes,
    method: z.enum(['POST', 'PUT'], { error: 'must be "POST" or "PUT"' }).meta({
      description: 'The method of the requests. Default: `POST`.',
    }),
    headers: requestHeaders,
    rate_limit: rateLimit,
    filter: eventFilter,
  });
}

/** The same fields as the store names them, without the headers; what was not given is left out. */
export function changeOf(given: GivenFields): Omit<WebhookChange, 'headers'> {
  return {
    url: given.url,
    eventTypes: given.event_types,
    name: given.name,
    description: given.description,
    success: given.success,
    signatures: given.signatures,
    method: given.method,
    rateLimit: given.rate_limit,
    filter: given.filter && { kind: 'filter', filter: given.filter },
    status: given.status,
  };
}

/** The rules for the body of `POST /webhooks`: what is needed, the other fields, and whose it is. */
export function newWebhookSchema(fields: WebhookFields) {
  const { url, event_types } = fields.shape;
  return fields
    .partial()
    .extend({
      url,
      event_types,
      secret: ownSigningSecret.optional(),
      status: z.enum(['active', 'paused'], { error: 'must be active or paused' }).optional().meta({
        description: 'A paused webhook gets nothing until it is active. Default: `active`.',
      }),
      customer_id: customerId.optional().meta({ description: OWNER, examples: [EXAMPLE_CUSTOMER] }),
    })
    .meta({ examples: [{ url: 'https://example.com/webhooks', event_types: ['call_hangup'] }] });
}

/** The rules for the body of `PATCH /webhooks/{id}`: any of the fields, and the status. */
export function webhookChangeSchema(fields: WebhookFields) {
  return fields
    .partial()
    .extend({
      status: z
        .enum(['active', 'paused', 'disabled'], { error: 'must be active, paused or disabled' })
        .optional()
        .meta({
          description:
            'A paused webhook gets nothing, and what waits for another attempt goes on waiting. Of a disabled one what waits becomes a dead letter. `active` ends both.',
        }),
      secret: z.never({ error: SECRET_IS_ROTATED }).optional(),
      customer_id: z.never({ error: CUSTOMER_IS_FIXED }).optional(),
    })
    .meta({ minProperties: 1, examples: [{ event_types: ['call_*'] }] });
}
