import { AUDIT_OUTCOMES, type AuditEntry } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_CUSTOMER, EXAMPLE_REQUEST, EXAMPLE_WEBHOOK } from '../openapi/example-ids.ts';
import { showTime } from '../http/time-span.ts';

import { type Shown, shownId, shownTextOrNull, shownTime } from '../http/shown.ts';

/** A change that somebody has made. */
export const shownAuditEntry = z
  .object({
    id: shownId("The entry's id.", '019abc5e-7d1a-7c3e-9b52-4f6a0c1d2e3f'),
    at: shownTime('When the call was made.'),
    action: z
      .string()
      .meta({ description: 'What the call does. Stable; names may be added.', examples: ['webhook.update'] }),
    caller: z.enum(['operator', 'access_key']).meta({ description: 'Who made it.' }),
    access_key_id: shownTextOrNull('The access key; null for the operator.', null),
    customer_id: shownTextOrNull("Whose things were changed; null where no customer's were.", EXAMPLE_CUSTOMER),
    target: z.record(z.string(), z.string()).meta({
      description: 'What was changed: ids by their names in the path; `id` of what was created.',
      examples: [{ id: EXAMPLE_WEBHOOK }],
    }),
    fields: z
      .array(z.string())
      .meta({ description: 'The fields that the request named; their values are not kept.', examples: [['url']] }),
    request_id: shownId('The `x-request-id` of the call.', EXAMPLE_REQUEST),
    client: z.string().meta({ description: 'The address that it came from.', examples: ['192.0.2.17'] }),
    outcome: z.enum(AUDIT_OUTCOMES).meta({
      description:
        'What came of it; `unknown`: the process ended, or something it needs did not answer, before that was known.',
    }),
  })
  .meta({ id: 'AuditEntry' });

/** An entry as the admin REST shows it. */
export function auditView(entry: AuditEntry): Shown<typeof shownAuditEntry> {
  return {
    id: entry.id,
    at: showTime(entry.at),
    action: entry.action,
    caller: entry.caller.kind,
    access_key_id: entry.caller.kind === 'access_key' ? entry.caller.accessKeyId : null,
    customer_id: entry.customerId ?? null,
    target: entry.target,
    fields: entry.fields,
    request_id: entry.requestId,
    client: entry.client,
    outcome: entry.outcome,
  };
}
