import { describe, expect, it } from '@jest/globals';

import { aFailure, anAttempt } from '../../../../libs/store/testing/attempts.ts';
import { attemptView } from './attempt-view.ts';

describe('an attempt', () => {
  it('is shown with everything that was noted', () => {
    const record = aFailure({
      originPartition: 3,
      originOffset: 99,
      attempt: 2,
      at: Date.UTC(2026, 0, 1),
      timing: { totalMs: 30.256_789, dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 29.1 },
      excerpt: Buffer.concat([Buffer.from('größer '), Buffer.from([0xff])]),
      replayId: 'replay',
      nextTier: '30s',
      nextAt: Date.UTC(2026, 0, 2),
    });
    expect(attemptView(record)).toEqual({
      id: record.id,
      event_id: record.eventId,
      event_type: 'call_hangup',
      attempt: 2,
      outcome: 'failed',
      reason: 'http_status',
      message: 'answered 503',
      at: '2026-01-01T00:00:00.000Z',
      timing: { dns_ms: 1, connect_ms: 2, tls_ms: 3, first_byte_ms: 29.1, total_ms: 30.26 },
      status: 503,
      response_excerpt: 'größer \uFFFD',
      next: { kind: 'retry', tier: '30s', at: '2026-01-02T00:00:00.000Z', reason: null },
      replay_id: 'replay',
      sequence: '3.99',
    });
  });

  it('has the same fields where nothing was noted', () => {
    const shown = attemptView(anAttempt({ status: undefined, timing: { totalMs: 0 } }));
    expect(shown).toMatchObject({
      reason: null,
      message: null,
      timing: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: 0 },
      status: null,
      response_excerpt: null,
      replay_id: null,
      next: { kind: 'none', tier: null, at: null, reason: null },
    });
  });
});
