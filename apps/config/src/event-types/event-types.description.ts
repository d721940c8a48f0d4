import { z } from 'zod';

import { shownPage, shownTextOrNull } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';

/** A type of event. */
export const shownEventType = z
  .object({
    type: z.string().meta({ description: 'Its name, for `event_types`.', examples: ['call_hangup'] }),
    resource_type: z
      .string()
      .meta({ description: 'What `data` is; `<resource_type>_*` asks for all of its events.', examples: ['call'] }),
    group: shownTextOrNull(
      'The row of the public table of events in which it stands; `<group>_*` asks for all of them.',
      null,
    ),
    description: z.string().meta({ description: 'When it happens.', examples: ['The call has ended.'] }),
    delivered: z.boolean().meta({ description: 'Whether webhooks get it.', examples: [true] }),
  })
  .meta({ id: 'EventType' });

export const listEventTypes: Description = {
  operationId: 'listEventTypes',
  tag: 'events',
  summary: 'List event types',
  description: 'All of them on one page.',
  answer: { description: 'The catalogue.', schema: shownPage(shownEventType) },
};
