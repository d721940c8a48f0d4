import type { AttemptResult } from '#libs/dispatch';
import type { Webhook } from '#libs/domain';

import { timingView } from '../../attempts/attempt-view.ts';
import { showTime } from '../../http/time-span.ts';
import type { TestEvent } from './test-event.ts';

/** A test's attempt as the admin REST shows it: what was sent, and what came of it. */
export function testView(
  { webhook, event, at }: { webhook: Webhook; event: TestEvent; at: number },
  { outcome, excerpt }: AttemptResult,
): Readonly<Record<string, unknown>> {
  const failed = outcome.kind === 'failed';
  return {
    event_id: event.id,
    event_type: event.type,
    outcome: outcome.kind,
    reason: failed ? outcome.error : null,
    message: failed ? outcome.message : null,
    at: showTime(at),
    timing: timingView(outcome.timing),
    status: outcome.status ?? null,
    response_excerpt: excerpt?.toString('utf8') ?? null,
    request: { method: webhook.method ?? 'POST', url: webhook.url, body: event.body.toString('utf8') },
  };
}
