import { z } from 'zod';

import { EXAMPLE_CUSTOMER, EXAMPLE_EVENT } from '../openapi/example-ids.ts';
import { shownId } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { shownEvent } from './event-view.ts';
import { newEvent } from './new-event.ts';

/** The call has no parameters, and says so. */
export const noQuery = z.strictObject({});

/** An event that was produced. */
export const shownProduced = z
  .object({
    id: shownId("The event's id.", EXAMPLE_EVENT),
    type: z.string().meta({ description: 'Its type.', examples: ['call_hangup'] }),
    resource_type: z.string().meta({ description: 'What its data is.', examples: ['call'] }),
    customer_id: shownId('Whose webhooks get it.', EXAMPLE_CUSTOMER),
    tm_create: z
      .string()
      .meta({ description: 'When it happened.', format: 'date-time', examples: ['2026-11-25T10:00:00.000Z'] }),
  })
  .meta({ id: 'ProducedEvent' });

export const produceEvent: Description = {
  operationId: 'produceEvent',
  tag: 'events',
  summary: 'Produce an event',
  description: 'Puts an event on Kafka as a producer would. It is checked against the schema of its resource type.',
  body: { name: 'NewEvent', schema: () => newEvent },
  answer: { description: 'It lies in the log.', schema: shownProduced },
  reasons: ['REGISTRY_UNAVAILABLE'],
};

export const getEvent: Description = {
  operationId: 'getEvent',
  tag: 'deliveries',
  summary: 'See what has become of an event',
  description: 'Webhook by webhook. An event is there from its first attempt on, or from when it was held or skipped.',
  path: { id: { description: "The event's id.", example: EXAMPLE_EVENT } },
  query: noQuery,
  answer: { description: 'The event, and its deliveries.', schema: shownEvent },
};
