import { type EventFilter, readFilter } from '#libs/domain';
import { z } from 'zod';

import { FILTER_OR_NULL } from './described-filter.ts';

/** The rules for a filter on the fields of events. Null clears it. */
export const eventFilter = z
  .record(z.string(), z.unknown(), {
    error: 'must be a filter, for example {"field":"data.status","equals":"hangup"}, or null',
  })
  .transform((json, context): EventFilter => {
    const reading = readFilter(json);
    if (reading.kind === 'read') return reading.filter;
    const { path, message } = reading.problem;
    context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  })
  .nullable()
  .meta(FILTER_OR_NULL);
