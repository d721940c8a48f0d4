import type { Catalogue } from '#libs/event-schemas';
import { REPLAY_CHOICES } from '#libs/store';
import { z } from 'zod';

import { EMPTY_SPAN, spanIsNotEmpty, time } from '../http/time-span.ts';
import { eventSelectors } from '../webhooks/fields/event-selectors.ts';

/** The body of `POST /webhooks/{id}/replays`. */
export type NewReplay = z.output<ReturnType<typeof newReplaySchema>>;

/** The rules for the body of `POST /webhooks/{id}/replays`. */
export function newReplaySchema(catalogue: Catalogue) {
  return z
    .strictObject({
      since: time,
      until: time,
      event_types: eventSelectors(catalogue).optional(),
      only: z.enum(REPLAY_CHOICES, { error: 'is required: failed (events that were not delivered) or all' }).meta({
        description: '`failed`: only events that the webhook has not taken yet; `all`: those, too, that it has.',
      }),
      dry_run: z
        .boolean({ error: 'must be true or false' })
        .default(false)
        .meta({ description: 'Only count what would be sent.' }),
    })
    .refine(spanIsNotEmpty, EMPTY_SPAN)
    .meta({
      examples: [{ since: '2026-11-25T10:00:00Z', until: '2026-11-25T11:00:00Z', only: 'failed', dry_run: true }],
    });
}
