import type { AttemptResult } from '#libs/dispatch';
import type { Webhook } from '#libs/domain';

import { z } from 'zod';

import { EXAMPLE_EVENT } from '../../openapi/example-ids.ts';
import { showTime } from '../../http/time-span.ts';
import { shownTiming, timingView } from '../../attempts/attempt-view.ts';
import { type Shown, shownId, shownTextOrNull, shownTime } from '../../http/shown.ts';
import type { TestEvent } from './test-event.ts';

/** What came of a test. */
export const shownTest = z
  .object({
    event_id: shownId("The sample's id.", EXAMPLE_EVENT),
    event_type: z.string().meta({ description: 'Its type.', examples: ['call_hangup'] }),
    outcome: z.enum(['delivered', 'failed']).meta({ description: 'Whether the endpoint took it over.' }),
    reason: shownTextOrNull('Why it failed, as of an attempt.', null),
    message: shownTextOrNull('The same for people.', null),
    at: shownTime('When the request began.'),
    timing: shownTiming,
    status: z
      .int()
      .nullable()
      .meta({ description: "The status of the endpoint's answer.", examples: [200] }),
    response_excerpt: shownTextOrNull("The beginning of the answer's body, at most 1,024 bytes.", 'ok'),
    request: z
      .object({
        method: z.enum(['POST', 'PUT']),
        url: z.string().meta({ examples: ['https://example.com/webhooks'] }),
        body: z.string().meta({ examples: [`{"id":"${EXAMPLE_EVENT}","type":"call_hangup","test":true}`] }),
      })
      .meta({ description: 'What was sent.' }),
  })
  .meta({ id: 'Test' });

/** A test's attempt as the admin REST shows it: what was sent, and what came of it. */
export function testView(
  { webhook, event, at }: { webhook: Webhook; event: TestEvent; at: number },
  { outcome, excerpt }: AttemptResult,
): Shown<typeof shownTest> {
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
