import { z } from 'zod';

import { API_STATUS } from '../http/api-status.ts';
import { REASONS } from '../http/reasons.ts';
import { keysOf } from './keys-of.ts';

const problem = z.object({
  field: z
    .string()
    .meta({ description: 'Where it is: `url`, `event_types[1]`, a parameter or a header.', examples: ['url'] }),
  message: z.string().meta({ description: 'What is wrong with it, for people.', examples: ['must not be empty'] }),
});

/** The one body of every answer that is not a success. */
export const errorBody = z
  .object({
    error: z.object({
      status: z.enum(keysOf(API_STATUS)).meta({ description: 'The kind of failure; goes with the HTTP status.' }),
      reason: z.enum(keysOf(REASONS)).meta({ description: 'What exactly went wrong. Stable: decide by this.' }),
      message: z
        .string()
        .meta({ description: 'For people; the wording can change.', examples: ['The webhook was not found.'] }),
      request_id: z
        .string()
        .meta({ description: 'The `x-request-id` of the answer.', examples: ['0d6a1c52-8f0b-4c57-9b0e-6b1f5f2a7c11'] }),
      details: z.array(problem).meta({ description: 'One entry for each field that is wrong; else empty.' }),
    }),
  })
  .meta({ id: 'Error', description: 'Every answer that is not a success has this body.' });
