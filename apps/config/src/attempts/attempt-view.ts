import { ATTEMPT_RESULTS, type AttemptRecord, type AttemptTiming, NEXT_STEPS, sequenceOf } from '#libs/domain';
import { z } from 'zod';

import { EXAMPLE_EVENT } from '../openapi/example-ids.ts';
import { type Shown, shownId, shownMsOrNull, shownTextOrNull, shownTime, shownTimeOrNull } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';

const HUNDREDTHS = 100;

/** How long an attempt took. */
export const shownTiming = z
  .object({
    dns_ms: shownMsOrNull('Finding the addresses of the host name; null on a connection that was there.', 1.52),
    connect_ms: shownMsOrNull('Connecting.', 8.11),
    tls_ms: shownMsOrNull('The TLS handshake.', 17.4),
    first_byte_ms: shownMsOrNull("From the start to the end of the answer's headers.", 61.03),
    total_ms: shownMsOrNull('From the start to the outcome.', 61.2),
  })
  .meta({ id: 'Timing', description: 'In milliseconds; null is what was not measured.' });

/** What comes after an attempt. */
export const shownNext = z
  .object({
    kind: z.enum(NEXT_STEPS).meta({ description: 'Another attempt, giving up, or nothing.' }),
    tier: shownTextOrNull('The delay of the retry topic in which it waits.', null),
    at: shownTimeOrNull('Not before this.', null),
    reason: shownTextOrNull('Why it was given up.', null),
  })
  .meta({ id: 'Next' });

/** An attempt, or why there was none. */
export const shownAttempt = z
  .object({
    id: shownId("The attempt's id.", '019abc5e-7d1a-7c3e-9b52-4f6a0c1d2e3f'),
    event_id: shownId("The event's id.", EXAMPLE_EVENT),
    event_type: z.string().meta({ description: 'Its type.', examples: ['call_hangup'] }),
    attempt: z
      .int()
      .min(0)
      .meta({ description: 'Requests made so far, this one included.', examples: [1] }),
    outcome: z.enum(ATTEMPT_RESULTS).meta({
      description:
        '`delivered`; `failed`; `held`: not tried, waits in a retry topic; `skipped`: not tried, the webhook did not want it.',
    }),
    reason: shownTextOrNull('Why it failed, was held or was skipped; names may be added.', null),
    message: shownTextOrNull('The same for people.', null),
    at: shownTime('When it began.'),
    timing: shownTiming,
    status: z
      .int()
      .nullable()
      .meta({ description: "The status of the endpoint's answer.", examples: [200] }),
    response_excerpt: shownTextOrNull("The beginning of the answer's body, at most 1,024 bytes.", 'ok'),
    next: shownNext,
    replay_id: shownTextOrNull('The replay that asked for it.', null),
    sequence: z
      .string()
      .meta({ description: "The event's place in the log, as in `webhook-sequence`.", examples: ['23.1042'] }),
  })
  .meta({ id: 'Attempt' });

/** An attempt as the admin REST shows it. Bytes of the answer that are no UTF-8 appear as U+FFFD. */
export function attemptView(record: AttemptRecord): Shown<typeof shownAttempt> {
  return {
    id: record.id,
    event_id: record.eventId,
    event_type: record.eventType,
    attempt: record.attempt,
    outcome: record.outcome,
    reason: record.reason ?? null,
    message: record.message ?? null,
    at: showTime(record.at),
    timing: timingView(record.timing),
    status: record.status ?? null,
    response_excerpt: record.excerpt?.toString('utf8') ?? null,
    next: nextView(record),
    replay_id: record.replayId ?? null,
    sequence: sequenceOf({ partition: record.originPartition, offset: record.originOffset }),
  };
}

/** How long an attempt took, step by step. */
export function timingView(timing: AttemptTiming): Shown<typeof shownTiming> {
  return {
    dns_ms: showMs(timing.dnsMs),
    connect_ms: showMs(timing.connectMs),
    tls_ms: showMs(timing.tlsMs),
    first_byte_ms: showMs(timing.firstByteMs),
    total_ms: showMs(timing.totalMs),
  };
}

/** What comes after an attempt: `kind` is none, retry or dead_letter. */
export function nextView(record: AttemptRecord): Shown<typeof shownNext> {
  return {
    kind: record.next,
    tier: record.nextTier ?? null,
    at: showTime(record.nextAt),
    reason: record.nextReason ?? null,
  };
}

/** Milliseconds to the hundredth; null where nothing was measured. */
export function showMs(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.round(milliseconds * HUNDREDTHS) / HUNDREDTHS;
}
