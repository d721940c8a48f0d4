import { z } from 'zod';

/** What people call a customer or an access key. */
export const name = z
  .string({ error: 'is required: text of 1 to 200 characters' })
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(200, { error: 'must have at most 200 characters' })
  .meta({ description: 'What people call it.', examples: ['Example Ltd.'] });
