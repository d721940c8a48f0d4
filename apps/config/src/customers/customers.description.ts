import { z } from 'zod';

import { EXAMPLE_CUSTOMER } from '../openapi/example-ids.ts';
import { shownId, shownTime } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { customerId } from './customer-id.ts';
import { name } from './name.ts';

/** The rules for the body of `POST /customers`. */
export const newCustomer = z
  .strictObject({
    name,
    id: customerId
      .optional()
      .meta({ description: 'The id that events have in `customer_id`. Default: a random UUID.' }),
  })
  .meta({ examples: [{ name: 'Example Ltd.' }] });

/** A customer. */
export const shownCustomer = z
  .object({
    id: shownId("The customer's id.", EXAMPLE_CUSTOMER),
    name: z.string().meta({ description: 'What people call it.', examples: ['Example Ltd.'] }),
    tm_create: shownTime('When it was created.'),
  })
  .meta({ id: 'Customer' });

export const createCustomer: Description = {
  operationId: 'createCustomer',
  tag: 'customers',
  summary: 'Create a customer',
  description: 'Access keys and webhooks can then be made for it.',
  body: { name: 'NewCustomer', schema: () => newCustomer },
  answer: { description: 'The customer.', schema: shownCustomer },
  reasons: ['CUSTOMER_EXISTS'],
};
