import type { Catalogue } from '#libs/event-schemas';
import { z } from 'zod';

import { eventTypeProblem } from '../../event-types/known-event-type.ts';

/** The rules for the body of `POST /webhooks/{id}/test`. */
export function newTestSchema(catalogue: Catalogue) {
  return z.strictObject({
    event_type: z
      .string({ error: 'is required: the type of the event to send, for example "call_hangup"' })
      .superRefine((type, context) => {
        const problem = eventTypeProblem(type, catalogue);
        if (problem !== undefined) context.addIssue(problem);
      })
      .meta({ description: 'The type of the sample; `GET /event-types` lists them.', examples: ['call_hangup'] }),
  });
}
