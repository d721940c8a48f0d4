import { describe, expect, it } from '@jest/globals';

import type { KafkaRecord } from '../record.ts';
import { type DeliveryHistory, historyOf, withHistory } from './derived-headers.ts';

const history: DeliveryHistory = {
  resume: 'send',
  attempts: 3,
  holds: 2,
  firstFailureAt: Date.parse('2026-01-02T03:04:05.678Z'),
  lastStatus: 503,
  lastError: 'http_status',
  origin: { topic: 'resource-events', partition: 7, offset: 123_456_789_012 },
  producedAt: Date.parse('2026-01-02T03:04:01.234Z'),
};

function record(headers: KafkaRecord['headers']): KafkaRecord {
  return { topic: 'webhook-retry-5s', partition: 0, offset: 0, key: null, value: null, headers, timestamp: 0 };
}

describe('delivery history in headers', () => {
  it('comes back as it was written, beside the headers that were there', () => {
    const headers = withHistory({ traceparent: '00-abc' }, history);
    expect(headers['traceparent']).toBe('00-abc');
    expect(historyOf(record(headers))).toEqual(history);
  });

  it('has its own times, whatever was written before it', () => {
    const later = {
      ...history,
      firstFailureAt: history.producedAt,
      producedAt: Date.parse('2026-01-02T03:04:09.999Z'),
    };
    for (const each of [history, later, history, { ...history, firstFailureAt: undefined }, history]) {
      expect(historyOf(record(withHistory({}, each)))).toEqual(each);
    }
  });

  it('replaces what an earlier attempt wrote, also by nothing', () => {
    const { lastStatus: _status, ...rest } = history;
    const headers = withHistory(withHistory({}, history), { ...rest, lastStatus: undefined, lastError: 'timeout' });
    expect(headers).not.toHaveProperty('delivery-last-status');
    expect(historyOf(record(headers))?.lastError).toBe('timeout');
  });

  it('says which slot a delivery waits for, and only as long as it does', () => {
    const slot = { at: Date.parse('2026-01-02T03:04:06.789Z'), rate: 5 };
    const headers = withHistory({}, { ...history, slot });
    expect(historyOf(record(headers))).toEqual({ ...history, slot });
    expect(historyOf(record(withHistory(headers, history)))).toEqual(history);
  });

  it('comes without the time of the event from a replay, and from an older writer', () => {
    const headers = withHistory({}, { ...history, producedAt: undefined });
    expect(headers).not.toHaveProperty('delivery-produced-at');
    expect(historyOf(record(headers))).toEqual({ ...history, producedAt: undefined });
  });

  it('comes without the time of an event that was stamped in nanoseconds', () => {
    const headers = withHistory({}, { ...history, producedAt: 1.7e18 });
    expect(historyOf(record(headers))).toEqual({ ...history, producedAt: undefined });
  });

  it('tells what the next attempt follows beside what the producer wrote', () => {
    const headers = withHistory({ traceparent: '00-abc' }, { ...history, traceparent: '00-def' });
    expect(headers['traceparent']).toBe('00-abc');
    expect(historyOf(record(headers))?.traceparent).toBe('00-def');
  });

  it('is absent from a record that somebody else wrote', () => {
    expect(historyOf(record({}))).toBeUndefined();
    expect(historyOf(record({ ...withHistory({}, history), 'delivery-attempts': 'many' }))).toBeUndefined();
  });

  it.each([
    ['delivery-attempts', '2147483646', '2147483647'],
    ['delivery-origin-partition', '2147483647', '2147483648'],
    ['delivery-origin-offset', '9007199254740990', '9007199254740991'],
  ])('is absent where its %s could not be written into the trail', (name, most, more) => {
    expect(historyOf(record({ ...withHistory({}, history), [name]: most }))).toBeDefined();
    expect(historyOf(record({ ...withHistory({}, history), [name]: more }))).toBeUndefined();
  });
});
