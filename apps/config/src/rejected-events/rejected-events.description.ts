import { readTimedPageParameters } from '../http/paging.ts';
import { shownPage } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { EXAMPLE_REJECTED, shownRedrive, shownRejectedEvent } from './rejected-event-view.ts';

export const listRejectedEvents: Description = {
  operationId: 'listRejectedEvents',
  tag: 'rejected events',
  summary: 'List rejected events',
  description: `The newest first. A page holds at most 4 MiB of records, and is shorter than was asked where they are large.`,
  query: readTimedPageParameters,
  answer: { description: 'A page of rejected events.', schema: shownPage(shownRejectedEvent) },
};

export const redriveRejectedEvent: Description = {
  operationId: 'redriveRejectedEvent',
  tag: 'rejected events',
  summary: 'Put a rejected event back',
  description: 'Into the event topic, as it came, once the cause is mended: a schema that was missing, say.',
  path: { id: { description: "The rejected event's id.", example: EXAMPLE_REJECTED } },
  answer: { description: 'Where it lies now.', schema: shownRedrive },
  reasons: ['BYTES_NOT_KEPT', 'RECORD_TOO_LARGE'],
};
