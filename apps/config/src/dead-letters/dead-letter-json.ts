import { sequenceOf } from '#libs/domain';
import { type DeadLetter, publicDeadLetterId } from '#libs/store';

import { showTime } from '../http/time-span.ts';

/**
 * A dead letter as the admin REST shows it, as JSON text. The event's own text goes in as it is, so that numbers beyond 2^53 keep their
 * digits.
 *
 * @param event its JSON; undefined when there is none to show
 */
export function deadLetterJson(letter: DeadLetter, event: Buffer | undefined): string {
  const shown = {
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
