import { assertNever, type AttemptRecord, sequenceOf } from '#libs/domain';
import type { EventDelivery } from '#libs/store';

import { nextView } from '../attempts/attempt-view.ts';
import { showTime } from '../http/time-span.ts';

/** What has become of an event at one webhook. */
export type DeliveryState = 'delivered' | 'waiting' | 'held' | 'dead_letter' | 'skipped' | 'failed';

/** An event as the admin REST shows it, from its deliveries: at least one. */
export function eventView(deliveries: readonly [EventDelivery, ...EventDelivery[]]): Readonly<Record<string, unknown>> {
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

function deliveryView({ newest, attempts, deliveredAt }: EventDelivery): Readonly<Record<string, unknown>> {
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
