import { z } from 'zod';

const MAX_RATE = 1_000;
const PROBLEM = `must be a whole number of requests a second from 1 to ${MAX_RATE}, or null for no limit`;

/** How many requests a second a webhook may get. Null clears it. */
export const rateLimit = z
  .int({ error: PROBLEM })
  .min(1, { error: PROBLEM })
  .max(MAX_RATE, { error: PROBLEM })
  .nullable()
  .meta({
    description: 'The most requests a second that the endpoint gets; what exceeds it waits. Null clears it.',
    examples: [50],
  });
