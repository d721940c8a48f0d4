import { assertNever, type AttemptRecord, sequenceOf } from '#libs/domain';
import type { EventDelivery } from '#libs/store';

import { z } from 'zod';

import { EXAMPLE_CUSTOMER, EXAMPLE_EVENT, EXAMPLE_WEBHOOK } from '../openapi/example-ids.ts';
import { nextView, shownNext } from '../attempts/attempt-view.ts';

import { type Shown, shownCount, shownId, shownTextOrNull, shownTime, shownTimeOrNull } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';

const DELIVERY_STATES = ['delivered', 'waiting', 'held', 'dead_letter', 'skipped', 'failed'] as const;

/** What has become of an event at one webhook. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const shownDelivery = z
  .object({
    webhook_id: shownId('The webhook.', EXAMPLE_WEBHOOK),
    state: z.enum(DELIVERY_STATES).meta({
      description:
        '`waiting`: for another attempt. `held`: waits without having been tried. `skipped`: the webhook did not want it. `failed`: no attempt follows, and it is no dead letter.',
    }),
    attempts: shownCount('Requests made.', 1),
    last_status: z
      .int()
      .nullable()
      .meta({ description: 'The status of the last answer.', examples: [200] }),
    last_reason: shownTextOrNull('Why the last attempt failed, was held or was skipped.', null),
    last_at: shownTime('When the last attempt began.'),
    delivered_at: shownTimeOrNull('When it was delivered.'),
    replay_id: shownTextOrNull('The replay that asked for the last attempt.', null),
    next: shownNext,
  })
  .meta({ id: 'Delivery' });

/** What has become of an event. */
export const shownEvent = z
  .object({
    id: shownId("The event's id.", EXAMPLE_EVENT),
    type: z.string().meta({ description: 'Its type.', examples: ['call_hangup'] }),
    resource_type: z.string().meta({ description: 'What its data is.', examples: ['call'] }),
    customer_id: shownId('Whose it is.', EXAMPLE_CUSTOMER),
    sequence: z
      .string()
      .meta({ description: 'Its place in the log, as in `webhook-sequence`.', examples: ['23.1042'] }),
    deliveries: z.array(shownDelivery).meta({ description: 'One entry for each webhook that it was meant for.' }),
  })
  .meta({ id: 'Event' });

/** An event as the admin REST shows it, from its deliveries: at least one. */
export function eventView(deliveries: readonly [EventDelivery, ...EventDelivery[]]): Shown<typeof shownEvent> {
  const [{ newest }] = deliveries;
  return {
    id: newest.eventId,
    type: newest.eventType,
    resource_type: newest.resourceType,
    customer_id: newest.customerId,
    sequence: sequenceOf({ partition: newest.originPartition, offset: newest.originOffset }),
    deliveries: deliveries.map(deliveryView),
  };
}

function deliveryView({ newest, attempts, deliveredAt }: EventDelivery): Shown<typeof shownDelivery> {
  return {
    webhook_id: newest.webhookId,
    state: deliveryState(newest),
    attempts,
    last_status: newest.status ?? null,
    last_reason: newest.reason ?? null,
    last_at: showTime(newest.at),
    delivered_at: showTime(deliveredAt),
    replay_id: newest.replayId ?? null,
    next: nextView(newest),
  };
}

/** The state that the newest entry of the trail leaves. `failed`: no attempt follows, and it is no dead letter. */
export function deliveryState({ outcome, next }: Pick<AttemptRecord, 'outcome' | 'next'>): DeliveryState {
  if (outcome === 'delivered') return 'delivered';
  if (next === 'dead_letter') return 'dead_letter';
  switch (outcome) {
    case 'held':
      return 'held';
    case 'skipped':
      return 'skipped';
    case 'failed':
      return next === 'retry' ? 'waiting' : 'failed';
    default:
      return assertNever(outcome);
  }
}
