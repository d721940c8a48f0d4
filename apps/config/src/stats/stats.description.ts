import { z } from 'zod';

import { EMPTY_SPAN, spanIsNotEmpty, timeSpan } from '../http/time-span.ts';
import type { Description } from '../openapi/describes.ts';
import { WEBHOOK_ID } from '../webhooks/webhook-id.ts';
import { shownStats } from './stats-view.ts';

/** The parameters of `GET /webhooks/{id}/stats`. */
export const statsQuery = z.strictObject(timeSpan).refine(spanIsNotEmpty, EMPTY_SPAN);

export const getStats: Description = {
  operationId: 'getStats',
  tag: 'deliveries',
  summary: 'See how a webhook is doing',
  description:
    'Its health, and its attempts hour by hour: of the last 24 hours, or of a span of at most 31 days. Whole hours.',
  path: { id: WEBHOOK_ID },
  query: statsQuery,
  answer: { description: 'Health, totals and hours.', schema: shownStats },
};
