import type { Replay, ReplayOutcome, ReplaySource } from '#libs/store';

import { showTime } from '../http/time-span.ts';

/** A replay as the admin REST shows it. @param outcome what has become of the events that it sent */
export function replayView(replay: Replay, outcome: ReplayOutcome): Readonly<Record<string, unknown>> {
  const { source, progress } = replay;
  return {
    id: replay.id,
    webhook_id: replay.webhookId,
    customer_id: replay.customerId,
    state: replay.state,
    failure: replay.failure ?? null,
    source: source.kind,
    ...asked(source),
    progress: {
      read: progress.read,
      total: source.kind === 'log' ? source.to - source.from : source.total,
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

function asked(source: ReplaySource): Readonly<Record<string, unknown>> {
  if (source.kind === 'dead_letters') return { dead_letter_id: source.id ?? null };
  return {
    since: showTime(source.since),
    until: showTime(source.until),
    event_types: source.eventTypes ?? null,
    only: source.only,
    dry_run: source.dryRun,
  };
}
