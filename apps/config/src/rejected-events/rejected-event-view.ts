import { type LogPosition, REJECTION_REASONS } from '#libs/domain';
import { type RejectedEvent, rejectedEventId } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_CUSTOMER } from '../openapi/example-ids.ts';
import { type Shown, shownCount, shownId, shownTextOrNull, shownTime, shownTimeOrNull } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';

/** Nobody's; for the description. */
export const EXAMPLE_REJECTED = '3-77';

/** Where a record lies in the log. */
export const shownPosition = z
  .object({
    topic: z.string().meta({ examples: ['resource-events'] }),
    partition: z
      .int()
      .min(0)
      .meta({ examples: [3] }),
    offset: z
      .int()
      .min(0)
      .meta({ examples: [77] }),
  })
  .meta({ id: 'Position', description: 'A place in the log.' });

/** A record that cannot be delivered as it is. */
export const shownRejectedEvent = z
  .object({
    id: shownId('Its id.', EXAMPLE_REJECTED),
    reason: z
      .enum(REJECTION_REASONS)
      .nullable()
      .meta({ description: 'What is wrong with it.', examples: ['undecodable'] }),
    message: z.string().meta({ description: 'The same for people.', examples: ['The bytes do not fit their schema.'] }),
    at: shownTime('When it was put aside.'),
    redriven_at: shownTimeOrNull('When it was last put back into the event topic.', null),
    key: shownTextOrNull("The record's key.", EXAMPLE_CUSTOMER),
    value: shownTextOrNull('Its bytes in base64; null where there are none, or more than are kept here.', 'AAAAAAEC'),
    value_bytes: shownCount('How many bytes it has.', 6),
    origin: shownPosition.nullable().meta({ description: 'Where it lay; null where its headers do not say.' }),
    position: shownPosition.meta({ description: 'Where it lies in the topic of rejected events.' }),
  })
  .meta({ id: 'RejectedEvent' });

/** A record that was put back. */
export const shownRedrive = z
  .object({
    id: shownId('Its id.', EXAMPLE_REJECTED),
    redriven_at: shownTime('When it was put back.'),
    position: shownPosition.meta({ description: 'Where it lies in the event topic now.' }),
  })
  .meta({ id: 'Redrive' });

/** The bytes are in base64; null where there are none, or more than are kept here. */
export function rejectedEventView(event: RejectedEvent): Shown<typeof shownRejectedEvent> {
  const { kept, origin } = event;
  return {
    id: rejectedEventId(event),
    reason: event.reason ?? null,
    message: event.message,
    at: showTime(event.at),
    redriven_at: showTime(event.redrivenAt),
    key: kept.key?.toString('utf8') ?? null,
    value: kept.value?.toString('base64') ?? null,
    value_bytes: kept.bytes,
    origin: origin ? place(origin) : null,
    position: place(kept.position),
  };
}

function place({ topic, partition, offset }: LogPosition): Shown<typeof shownPosition> {
  return { topic, partition, offset };
}
