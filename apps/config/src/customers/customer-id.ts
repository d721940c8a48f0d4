import { z } from 'zod';

/** A customer's id as callers may write it: any UUID, whatever its version; kept in lower case. */
export const customerId = z.guid({ error: 'must be a UUID' }).toLowerCase().meta({ format: 'uuid' });

/** Nobody's; for the description. */
export const EXAMPLE_CUSTOMER = '5e4a0680-804e-4b5f-9f27-0a6ed4b2c3d1';
