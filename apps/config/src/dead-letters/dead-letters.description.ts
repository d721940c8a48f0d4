import { shownPage } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { readTimedPageParameters } from '../http/paging.ts';
import { shownReplay } from '../replays/replay-view.ts';
import { WEBHOOK_ID } from '../webhooks/webhook-id.ts';
import { shownDeadLetter } from './dead-letter-json.ts';

export const listDeadLetters: Description = {
  operationId: 'listDeadLetters',
  tag: 'deliveries',
  summary: 'List dead letters',
  description: `Deliveries of a webhook that were given up, the newest first, each with its event. A page holds at most 4 MiB of events,
and is shorter than was asked where they are large.`,
  path: { id: WEBHOOK_ID },
  query: readTimedPageParameters,
  answer: { description: 'A page of dead letters.', schema: shownPage(shownDeadLetter) },
};

export const redeliverDeadLetters: Description = {
  operationId: 'redeliverDeadLetters',
  tag: 'replays',
  summary: 'Deliver all dead letters again',
  description: 'All that were not redelivered yet, as one replay.',
  path: { id: WEBHOOK_ID },
  answer: { description: 'The replay that does it.', schema: shownReplay },
  reasons: ['WEBHOOK_NOT_ACTIVE', 'TOO_MANY_REPLAYS'],
};

export const redeliverDeadLetter: Description = {
  operationId: 'redeliverDeadLetter',
  tag: 'replays',
  summary: 'Deliver a dead letter again',
  description: 'Whether or not it was redelivered before.',
  path: { id: WEBHOOK_ID, letter: { description: "The dead letter's id.", example: '0-1042' } },
  answer: { description: 'The replay that does it.', schema: shownReplay },
  reasons: ['WEBHOOK_NOT_ACTIVE', 'TOO_MANY_REPLAYS', 'BYTES_NOT_KEPT'],
};
