import { z } from 'zod';

/** A customer's id as callers may write it: any UUID, whatever its version; kept in lower case. */
export const customerId = z.guid({ error: 'must be a UUID' }).toLowerCase().meta({ format: 'uuid' });
