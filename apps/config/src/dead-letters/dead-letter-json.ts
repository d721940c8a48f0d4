import { DEAD_LETTER_REASONS, sequenceOf } from '#libs/domain';
import { type DeadLetter, publicDeadLetterId } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_EVENT } from '../openapi/example-ids.ts';
import { type Shown, shownCount, shownId, shownTextOrNull, shownTime, shownTimeOrNull } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';

const envelope = z.object({
  id: shownId("The dead letter's id.", '0-1042'),
  event_id: shownTextOrNull("The event's id.", EXAMPLE_EVENT),
  event_type: shownTextOrNull('Its type.', 'call_hangup'),
  reason: z
    .enum(DEAD_LETTER_REASONS)
    .nullable()
    .meta({ description: 'Why it was given up.', examples: ['schedule_used_up'] }),
  attempts: shownCount('Requests made.', 8),
  last_status: z
    .int()
    .nullable()
    .meta({ description: 'The status of the last answer.', examples: [500] }),
  last_error: shownTextOrNull('Why the last attempt failed.', 'http_status'),
  first_failure_at: shownTimeOrNull('Of the first attempt.'),
  at: shownTime('When it was given up.'),
  redelivered_at: shownTimeOrNull('When it was last handed over for delivery once more.', null),
  sequence: z.string().meta({ description: "The event's place in the log.", examples: ['23.1042'] }),
});

/** A delivery that was given up. */
export const shownDeadLetter = envelope
  .extend({
    event: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({
        description:
          'The event as the endpoint would have got it; null where it cannot be read, or is too large to be kept here.',
        examples: [{ id: EXAMPLE_EVENT, type: 'call_hangup', data: { status: 'hangup' } }],
      }),
  })
  .meta({ id: 'DeadLetter' });

/**
 * A dead letter as the admin REST shows it, as JSON text. The event's own text goes in as it is, so that numbers beyond 2^53 keep their
 * digits.
 *
 * @param event its JSON; undefined when there is none to show
 */
export function deadLetterJson(letter: DeadLetter, event: Buffer | undefined): string {
  const shown: Shown<typeof envelope> = {
    id: publicDeadLetterId(letter),
    event_id: letter.event?.id ?? null,
    event_type: letter.event?.type ?? null,
    reason: letter.reason ?? null,
    attempts: letter.attempts,
    last_status: letter.lastStatus ?? null,
    last_error: letter.lastError ?? null,
    first_failure_at: showTime(letter.firstFailureAt),
    at: showTime(letter.at),
    redelivered_at: showTime(letter.redeliveredAt),
    sequence: sequenceOf(letter.origin),
  };
  return `${JSON.stringify(shown).slice(0, -1)},"event":${event?.toString() ?? 'null'}}`;
}
