import { describe, expect, it } from '@jest/globals';

import { type Pending, RecordBuffer } from './record-buffer.ts';

function pending(topic: string, bytes: number): Pending {
  const record = { topic, key: null, value: Buffer.alloc(bytes) };
  return { record, expiresAt: 0, resolve: () => undefined, reject: () => undefined, settled: false };
}

describe('RecordBuffer', () => {
  it('takes records in order, as many as one topic takes in a request', () => {
    const buffer = new RecordBuffer(1_000);
    const records = [pending('a', 300), pending('b', 800), pending('a', 300), pending('a', 300)];
    records.forEach((record) => buffer.add(record));
    expect(buffer.take()).toEqual(records.slice(0, 3));
    expect(buffer.take()).toEqual(records.slice(3));
    expect(buffer.take()).toEqual([]);
  });

  it('takes one record however large it is', () => {
    const buffer = new RecordBuffer(10);
    buffer.add(pending('a', 5_000));
    buffer.add(pending('a', 1));
    expect(buffer.take()).toHaveLength(1);
    expect(buffer.size).toBe(1);
  });

  it('leaves out a record whose time is up', () => {
    const buffer = new RecordBuffer(1_000);
    const [late, next] = [pending('a', 1), pending('a', 1)];
    buffer.add(late);
    buffer.add(next);
    late.settled = true;
    expect(buffer.take()).toEqual([next]);
    expect(buffer.size).toBe(0);
  });
});
