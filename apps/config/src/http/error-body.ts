import { z } from 'zod';

import { EXAMPLE_REQUEST } from '../openapi/example-ids.ts';
import { keysOf } from '../openapi/keys-of.ts';
import type { ApiError } from './api-error.ts';
import { API_STATUS } from './api-status.ts';
import { REASONS } from './reasons.ts';
import type { Shown } from './shown.ts';

const problem = z.object({
  field: z
    .string()
    .meta({ description: 'Where it is: `url`, `event_types[1]`, a parameter or a header.', examples: ['url'] }),
  message: z.string().meta({ description: 'What is wrong with it, for people.', examples: ['must not be empty'] }),
});

/** The one body of every answer that is not a success. */
export const shownError = z
  .object({
    error: z.object({
      status: z.enum(keysOf(API_STATUS)).meta({ description: 'The kind of failure; goes with the HTTP status.' }),
      reason: z.enum(keysOf(REASONS)).meta({ description: 'What exactly went wrong. Stable: decide by this.' }),
      message: z
        .string()
        .meta({ description: 'For people; the wording can change.', examples: ['The webhook was not found.'] }),
      request_id: z.string().meta({ description: 'The `x-request-id` of the answer.', examples: [EXAMPLE_REQUEST] }),
      details: z.array(problem).meta({ description: 'One entry for each field that is wrong; else empty.' }),
    }),
  })
  .meta({ id: 'Error', description: 'Every answer that is not a success has this body.' });

/** An error as that body. @param requestId the `x-request-id` of the answer */
export function errorBody(error: ApiError, requestId: string): Shown<typeof shownError> {
  return {
    error: {
      status: error.status,
      reason: error.reason,
      message: error.message,
      request_id: requestId,
      details: error.details,
    },
  };
}
