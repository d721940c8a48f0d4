import { describe, expect, it } from '@jest/globals';
import type { DeadLetter } from '#libs/store';

import { deadLetterJson } from './dead-letter-json.ts';

const letter: DeadLetter = {
  webhookId: 'webhook',
  event: { id: 'e"1', type: 'call_hangup', resourceType: 'call', customerId: 'c' },
  reason: 'too_old',
  attempts: 3,
  firstFailureAt: Date.UTC(2026, 0, 1),
  lastStatus: 503,
  lastError: 'http_status',
  at: Date.UTC(2026, 0, 4),
  origin: { topic: 'resource-events', partition: 4, offset: 12 },
  kept: { key: undefined, value: undefined, bytes: 0, headers: [], position: { topic: 'd', partition: 0, offset: 0 } },
};

describe('a dead letter as JSON', () => {
  it('holds the event with all its digits', () => {
    const text = deadLetterJson(letter, Buffer.from('{"id":"e","data":{"n":9007199254740993}}'));
    expect(text).toMatch(/,"event":\{"id":"e","data":\{"n":9007199254740993\}\}\}$/);
    expect(JSON.parse(text)).toMatchObject({
      event_id: 'e"1',
      event_type: 'call_hangup',
      reason: 'too_old',
      attempts: 3,
      last_status: 503,
      last_error: 'http_status',
      first_failure_at: '2026-01-01T00:00:00.000Z',
      at: '2026-01-04T00:00:00.000Z',
      sequence: '4.12',
    });
  });

  it('has null for what is not known', () => {
    const bare = { ...letter, event: undefined, reason: undefined, lastStatus: undefined };
    expect(JSON.parse(deadLetterJson(bare, undefined))).toMatchObject({
      event_id: null,
      event_type: null,
      reason: null,
      last_status: null,
      event: null,
    });
  });
});
