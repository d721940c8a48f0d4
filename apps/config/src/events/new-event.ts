import { z } from 'zod';

import { EXAMPLE_CUSTOMER } from '../openapi/example-ids.ts';
import { customerId } from '../customers/customer-id.ts';

const text = (what: string) =>
  z
    .string({ error: `is required: ${what}` })
    .min(1, { error: 'must not be empty' })
    .max(200, { error: 'must have at most 200 characters' });

/** The rules for the body of `POST /events`. */
export const newEvent = z
  .strictObject({
    type: text('an event type, for example "call_hangup"').meta({ description: 'The event type.' }),
    customer_id: text('the id of the customer whose webhooks get the event')
      .pipe(customerId)
      .meta({ format: 'uuid', description: 'The customer whose webhooks get it.' }),
    data: z
      .record(z.string(), z.unknown(), { error: 'is required: the resource, as a JSON object' })
      .meta({ description: 'The resource; fields that are left out get the defaults of its schema.' }),
    id: text('the id of the event').optional().meta({ description: 'Default: a random UUID.' }),
    resource_type: text('the resource type')
      .optional()
      .meta({ description: 'Follows from the type; checked where it is given.' }),
    tm_create: z.iso
      .datetime({ offset: true, error: 'must be an RFC 3339 time' })
      .optional()
      .meta({ description: 'When it happened. Default: now.' }),
  })
  .meta({
    examples: [
      {
        type: 'call_hangup',
        customer_id: EXAMPLE_CUSTOMER,
        data: { id: '0f6c1f4e-2f7c-4a0e-9d55-5b0f4c7c1d22', customer_id: EXAMPLE_CUSTOMER, status: 'hangup' },
      },
    ],
  });
