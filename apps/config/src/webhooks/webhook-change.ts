import { z } from 'zod';

const fixed = z.never({ error: 'cannot be changed; create another webhook and delete this one' }).optional();

/** The body of `PATCH /webhooks/{id}`. */
export const webhookChange = z.strictObject({
  status: z.enum(['active', 'disabled'], { error: 'is required: active or disabled' }),
  url: fixed,
  event_types: fixed,
  signatures: fixed,
  customer_id: fixed,
});
