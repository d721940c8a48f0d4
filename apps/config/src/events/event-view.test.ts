import { describe, expect, it } from '@jest/globals';

import { aFailure, anAttempt } from '../../../../libs/store/testing/attempts.ts';
import { deliveryState, eventView } from './event-view.ts';

describe('the state of a delivery', () => {
  it.each([
    ['delivered', 'none', 'delivered'],
    ['failed', 'retry', 'waiting'],
    ['failed', 'dead_letter', 'dead_letter'],
    ['failed', 'none', 'failed'],
    ['held', 'retry', 'held'],
    ['skipped', 'none', 'skipped'],
    ['skipped', 'dead_letter', 'dead_letter'],
  ] as const)('after %s, with next %s, is %s', (outcome, next, state) => {
    expect(deliveryState({ outcome, next })).toBe(state);
  });
});

describe('an event', () => {
  it('is shown with its deliveries', () => {
    const given = { eventId: 'e', customerId: 'c', originPartition: 2, originOffset: 7, at: Date.UTC(2026, 0, 1) };
    const waiting = aFailure({
      ...given,
      webhookId: 'one',
      replayId: 'replay',
      nextTier: '5s',
      nextAt: Date.UTC(2026, 0, 1) + 5_000,
    });
    const done = anAttempt({ ...given, webhookId: 'two' });
    expect(
      eventView([
        { newest: waiting, attempts: 3, deliveredAt: undefined },
        { newest: done, attempts: 1, deliveredAt: done.at },
      ]),
    ).toEqual({
      id: 'e',
      type: 'call_hangup',
      resource_type: 'call',
      customer_id: 'c',
      sequence: '2.7',
      deliveries: [
        {
          webhook_id: 'one',
          state: 'waiting',
          attempts: 3,
          last_status: 503,
          last_reason: 'http_status',
          last_at: '2026-01-01T00:00:00.000Z',
          delivered_at: null,
          replay_id: 'replay',
          next: { kind: 'retry', tier: '5s', at: '2026-01-01T00:00:05.000Z', reason: null },
        },
        {
          webhook_id: 'two',
          state: 'delivered',
          attempts: 1,
          last_status: 200,
          last_reason: null,
          last_at: '2026-01-01T00:00:00.000Z',
          delivered_at: '2026-01-01T00:00:00.000Z',
          replay_id: null,
          next: { kind: 'none', tier: null, at: null, reason: null },
        },
      ],
    });
  });
});
