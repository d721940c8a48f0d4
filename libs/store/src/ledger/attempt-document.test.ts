import { describe, expect, it } from '@jest/globals';
import { Binary } from 'mongodb';

import { anAttempt } from '../../testing/attempts.ts';
import { fromDocument, toDocument } from './attempt-document.ts';

const DAY_MS = 86_400_000;
const full = anAttempt({
  outcome: 'failed',
  reason: 'http_status',
  message: 'answered 503',
  timing: { totalMs: 30.25, dnsMs: 1.5, connectMs: 2.5, tlsMs: 3.5, firstByteMs: 29 },
  status: 503,
  excerpt: Buffer.from([0xff, 0x00, 0x41]),
  next: 'retry',
  nextTier: '30s',
  nextAt: Date.UTC(2026, 0, 2),
  nextReason: 'x',
  replayId: 'replay',
});

describe('the document of an attempt', () => {
  it.each([
    ['with everything', full],
    ['with the least', anAttempt({ outcome: 'held', status: undefined, timing: { totalMs: 0 } })],
  ])('gives the record back, %s', (_name, record) => {
    expect(fromDocument(toDocument(record, DAY_MS))).toEqual(record);
  });

  it('is in snake_case, with times as dates and bytes as binary', () => {
    expect(toDocument(full, DAY_MS)).toMatchObject({
      _id: full.id,
      webhook_id: full.webhookId,
      origin: { partition: 3, offset: full.originOffset },
      at: new Date(full.at),
      timing: { total_ms: 30.25, dns_ms: 1.5, connect_ms: 2.5, tls_ms: 3.5, first_byte_ms: 29 },
      excerpt: new Binary(Buffer.from([0xff, 0x00, 0x41])),
      next: { kind: 'retry', tier: '30s', at: new Date(Date.UTC(2026, 0, 2)), reason: 'x' },
      replay_id: 'replay',
    });
  });

  it('expires when its time is up, or never', () => {
    expect(toDocument(full, DAY_MS).expires_at).toEqual(new Date(full.at + DAY_MS));
    expect(toDocument(full, -1).expires_at).toBeUndefined();
  });

  it('has a latency only where a request was made', () => {
    expect(toDocument(full, DAY_MS).latency_bucket).toBe(143);
    expect(toDocument({ ...full, outcome: 'held' }, DAY_MS).latency_bucket).toBeUndefined();
    expect(toDocument({ ...full, outcome: 'skipped' }, DAY_MS).latency_bucket).toBeUndefined();
  });
});
