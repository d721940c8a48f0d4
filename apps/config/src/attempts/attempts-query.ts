import { ATTEMPT_RESULTS } from '#libs/domain';
import { isSortKey, STATUS_CLASSES } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_EVENT } from '../openapi/example-ids.ts';
import { pageParameters } from '../http/paging.ts';
import { EMPTY_SPAN, spanIsNotEmpty, timeSpan } from '../http/time-span.ts';

const oneOf = <T extends string>(values: readonly [T, ...T[]], description: string) =>
  z
    .enum(values, { error: `must be one of ${values.join(', ')}` })
    .optional()
    .meta({ description });
const text = (example: string, description: string) =>
  z
    .string({ error: 'must be given once' })
    .min(1, { error: `must not be empty; write for example ${example}` })
    .optional()
    .meta({ description, examples: [example] });

/** The parameters of `GET /webhooks/{id}/attempts`. */
export const attemptsQuery = z
  .strictObject({
    status: oneOf(STATUS_CLASSES, 'Only those whose answer had such a status; `none`: those without an answer.'),
    outcome: oneOf(ATTEMPT_RESULTS, 'Only those with this outcome.'),
    event_type: text('call_hangup', 'Only those for events of this type.'),
    event_id: text(EXAMPLE_EVENT, 'Only those for this event.'),
    ...timeSpan,
    ...pageParameters(isSortKey),
  })
  .refine(spanIsNotEmpty, EMPTY_SPAN);
