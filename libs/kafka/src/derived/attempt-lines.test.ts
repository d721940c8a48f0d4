import { describe, expect, it } from '@jest/globals';
import type { AttemptRecord } from '#libs/domain';
import { pino } from 'pino';

import { AttemptLines, type AttemptLogged } from './attempt-lines.ts';

const delivered: AttemptRecord = {
  id: 'attempt',
  webhookId: 'webhook',
  customerId: 'customer',
  eventId: 'event',
  eventType: 'call_hangup',
  resourceType: 'call',
  originPartition: 3,
  originOffset: 77,
  attempt: 2,
  outcome: 'delivered',
  reason: undefined,
  message: undefined,
  at: 0,
  timing: { totalMs: 12, firstByteMs: 12 },
  status: 200,
  excerpt: Buffer.from('a body that is nobody else’s business'),
  next: 'none',
  nextTier: undefined,
  nextAt: undefined,
  nextReason: undefined,
  replayId: undefined,
};
const failed: AttemptRecord = {
  ...delivered,
  outcome: 'failed',
  reason: 'http_status',
  message: 'answered 503',
  status: 503,
  next: 'retry',
  nextTier: '30s',
  nextAt: Date.parse('2026-01-02T03:04:05.678Z'),
};

const held: AttemptRecord = { ...failed, outcome: 'held', reason: 'stuck', message: undefined, status: undefined };
const givenUp: AttemptRecord = { ...held, next: 'dead_letter', nextReason: 'too_old' };

function linesOf(logged: AttemptLogged, ...records: readonly AttemptRecord[]): unknown[] {
  const written: unknown[] = [];
  const logger = pino({ base: {}, timestamp: false }, { write: (line: string) => void written.push(JSON.parse(line)) });
  const lines = new AttemptLines({ logged, logger });
  for (const record of records) lines.write(record, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  return written;
}

describe('AttemptLines', () => {
  it('writes one line of an attempt, with all that is known but the body of the answer', () => {
    expect(linesOf('failed', failed)).toEqual([
      {
        level: 30,
        msg: 'attempt',
        attempt_id: 'attempt',
        webhook_id: 'webhook',
        customer_id: 'customer',
        event_id: 'event',
        event_type: 'call_hangup',
        origin_partition: 3,
        origin_offset: 77,
        attempt: 2,
        outcome: 'failed',
        reason: 'http_status',
        message: 'answered 503',
        status: 503,
        duration_ms: 12,
        first_byte_ms: 12,
        next: 'retry',
        next_tier: '30s',
        next_at: '2026-01-02T03:04:05.678Z',
        trace_id: '0af7651916cd43dd8448eb211c80319c',
      },
    ]);
  });

  it.each([
    ['all', ['delivered', 'failed', 'held', 'held']],
    ['failed', ['failed', 'held']],
    ['none', []],
  ] as const)('leaves out what is not wanted: %s', (logged, outcomes) => {
    expect(linesOf(logged, delivered, failed, held, givenUp)).toMatchObject(outcomes.map((outcome) => ({ outcome })));
  });

  it('does not tell of each delivery that is held: an endpoint that hangs would fill the log', () => {
    expect(linesOf('failed', held)).toEqual([]);
  });
});
