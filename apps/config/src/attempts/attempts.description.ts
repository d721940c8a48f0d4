import { shownPage } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { WEBHOOK_ID } from '../webhooks/webhook-id.ts';
import { shownAttempt } from './attempt-view.ts';
import { attemptsQuery } from './attempts-query.ts';

export const listAttempts: Description = {
  operationId: 'listAttempts',
  tag: 'deliveries',
  summary: 'List attempts',
  description:
    'What was tried for a webhook, the newest first, and what was not tried, and why. Kept for 30 days, unless the operator chose otherwise.',
  path: { id: WEBHOOK_ID },
  query: attemptsQuery,
  answer: { description: 'A page of attempts.', schema: shownPage(shownAttempt) },
};
