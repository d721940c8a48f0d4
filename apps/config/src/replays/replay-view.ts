import { REPLAY_CHOICES, type Replay, type ReplayOutcome, type ReplaySource } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_CUSTOMER, EXAMPLE_WEBHOOK } from '../openapi/example-ids.ts';
import { type Shown, shownCount, shownId, shownTextOrNull, shownTime, shownTimeOrNull } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';
import { MOST_ATTEMPTS, MOST_DEAD_LETTERS } from './most-counted.ts';

const shownState = z.enum(['queued', 'running', 'done', 'cancelled', 'failed']).meta({
  description: '`done`: everything was handed over for delivery. What fails then goes on by the retry schedule.',
});
const shownProgress = z
  .object({
    read: shownCount('Records looked at; those of other customers in the same partition, too.', 1200),
    total: shownCount(
      `Records to be looked at; where there are more than ${MOST_DEAD_LETTERS.toLocaleString('en')} dead letters it grows with \`read\`.`,
      1200,
    ),
    matched: shownCount('Events that fit what was asked for.', 40),
    sent: shownCount('Events handed over for delivery.', 40),
    delivered: shownCount(
      `Of those: delivered. At most a minute old; of a replay that made more than ${MOST_ATTEMPTS.toLocaleString('en')} attempts, at least so many.`,
      39,
    ),
    dead_letters: shownCount('Of those: given up; counted in the same way.', 0),
  })
  .meta({ description: 'How far it has come.' });

const ofSpan = z.object({
  source: z.literal('log').meta({ description: 'A span of time.' }),
  since: shownTimeOrNull('From this time on.'),
  until: shownTimeOrNull('Before this time.'),
  event_types: z
    .array(z.string())
    .nullable()
    .meta({ description: 'The event types asked for; null: all that the webhook asks for.', examples: [null] }),
  only: z.enum(REPLAY_CHOICES).meta({ description: '`failed`: only events that the webhook has not taken yet.' }),
  dry_run: z.boolean().meta({ description: 'It only counts.' }),
});
const ofDeadLetters = z.object({
  source: z.literal('dead_letters').meta({ description: 'Dead letters.' }),
  dead_letter_id: shownTextOrNull('The only one; null: all that were not redelivered.', null),
});
const shownSource = z.union([ofSpan, ofDeadLetters]);
const whole = {
  id: shownId("The replay's id.", 'c1f8a2d4-0b7e-4c39-8f5a-6d2e9b1c3a70'),
  webhook_id: shownId('The webhook that gets the events.', EXAMPLE_WEBHOOK),
  customer_id: shownId('Whose it is.', EXAMPLE_CUSTOMER),
  state: shownState,
  failure: shownTextOrNull('Why it failed, for people.', null),
  progress: shownProgress,
  tm_create: shownTime('When it was asked for.'),
  tm_start: shownTimeOrNull('When it began.'),
  tm_end: shownTimeOrNull('When it was done, cancelled or failed.'),
};

/** A job that delivers events once more. */
export const shownReplay = z.union([ofSpan.extend(whole), ofDeadLetters.extend(whole)]).meta({ id: 'Replay' });

/** A replay as the admin REST shows it. @param outcome what has become of the events that it sent */
export function replayView(replay: Replay, outcome: ReplayOutcome): Shown<typeof shownReplay> {
  const { source, progress } = replay;
  return {
    id: replay.id,
    webhook_id: replay.webhookId,
    customer_id: replay.customerId,
    state: replay.state,
    failure: replay.failure ?? null,
    ...asked(source),
    progress: {
      read: progress.read,
      total: source.kind === 'log' ? source.to - source.from : Math.max(source.total, progress.read),
      matched: progress.matched,
      sent: progress.sent,
      delivered: outcome.delivered,
      dead_letters: outcome.deadLetters,
    },
    tm_create: showTime(replay.createdAt),
    tm_start: showTime(replay.startedAt),
    tm_end: showTime(replay.finishedAt),
  };
}

function asked(source: ReplaySource): Shown<typeof shownSource> {
  if (source.kind === 'dead_letters') return { source: source.kind, dead_letter_id: source.id ?? null };
  return {
    source: source.kind,
    since: showTime(source.since),
    until: showTime(source.until),
    event_types: source.eventTypes ?? null,
    only: source.only,
    dry_run: source.dryRun,
  };
}
