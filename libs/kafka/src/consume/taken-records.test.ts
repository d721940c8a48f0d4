import { describe, expect, it } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';

import { headerEntries, type KafkaRecord } from '../record.ts';
import { TakenRecords } from './taken-records.ts';

const PIECE_BYTES = 8_192;

/** A megabyte that a broker answered with, and messages whose bytes are slices of it. */
function fetched(): {
  answer: Buffer;
  message: (fields: Partial<KafkaMessage>) => KafkaMessage;
  slice: (text: string) => Buffer;
} {
  const answer = Buffer.alloc(1_000_000);
  let used = 0;
  const slice = (text: string): Buffer => {
    const start = used;
    used += answer.write(text, start);
    return answer.subarray(start, used);
  };
  const message = (fields: Partial<KafkaMessage>): KafkaMessage => ({
    key: null,
    value: null,
    timestamp: '1700000000000',
    attributes: 0,
    offset: '0',
    ...fields,
  });
  return { answer, message, slice };
}

function memories({ key, value, headers }: KafkaRecord): Set<ArrayBufferLike> {
  const buffers = [key, value, ...Object.values(headers).flat()].filter((one) => Buffer.isBuffer(one));
  return new Set(buffers.map(({ buffer }) => buffer));
}

describe('TakenRecords', () => {
  it('keeps nothing of what the broker answered with: not by a key, a value or a header', () => {
    const { answer, message, slice } = fetched();
    const record = new TakenRecords().from(
      't',
      3,
      message({
        offset: '42',
        key: slice('customer'),
        value: slice('payload'),
        headers: { once: slice('a'), twice: [slice('b'), slice('c')] },
      }),
    );
    expect(record).toEqual({
      topic: 't',
      partition: 3,
      offset: 42,
      key: Buffer.from('customer'),
      value: Buffer.from('payload'),
      headers: { once: Buffer.from('a'), twice: [Buffer.from('b'), Buffer.from('c')] },
      timestamp: 1_700_000_000_000,
    });
    expect([...memories(record)]).not.toContain(answer.buffer);
    answer.fill(0);
    expect(record.value?.toString()).toBe('payload');
  });

  it('keeps little for a small record, and exactly its own for a large one', () => {
    const { message, slice } = fetched();
    const records = new TakenRecords();
    const taken = Array.from({ length: 200 }, (_, at) =>
      records.from('t', 0, message({ key: slice(`k${at}`), value: slice(`${at} `.padEnd(300, 'x')) })),
    );
    expect(taken.map(({ value }) => value?.toString())).toEqual(taken.map((_, at) => `${at} `.padEnd(300, 'x')));
    for (const record of taken) for (const memory of memories(record)) expect(memory.byteLength).toBe(PIECE_BYTES);
    const large = records.from('t', 0, message({ value: slice('y'.repeat(100_000)) }));
    expect([...memories(large)].map(({ byteLength }) => byteLength)).toEqual([100_000]);
    expect(large.value?.toString()).toBe('y'.repeat(100_000));
  });

  it('tells an empty key, value or header from an absent one', () => {
    const { message } = fetched();
    const empty = Buffer.alloc(0);
    const records = new TakenRecords();
    const { key, value, headers } = records.from('t', 0, message({ key: empty, value: empty, headers: { h: empty } }));
    expect({ key, value, headers }).toEqual({ key: empty, value: empty, headers: { h: empty } });
    expect(records.from('t', 0, message({}))).toMatchObject({ key: null, value: null, headers: {} });
  });

  it('takes headers without a value, and those that are called as what every object has', () => {
    const { message, slice } = fetched();
    const headers = new Map<string, unknown>([
      ['alone', null],
      ['among others', [null, slice('a')]],
      ['constructor', [Object, slice('b')]],
      ['__proto__', [Object.prototype, slice('c')]],
    ]);
    const fromClient = Object.assign(message({}), { headers: Object.fromEntries(headers) });
    const taken = new TakenRecords().from('t', 0, fromClient);
    expect(headerEntries(taken.headers)).toEqual([
      { name: 'alone', value: Buffer.alloc(0) },
      { name: 'among others', value: Buffer.alloc(0) },
      { name: 'among others', value: Buffer.from('a') },
      { name: 'constructor', value: Buffer.from('b') },
      { name: '__proto__', value: Buffer.from('c') },
    ]);
  });

  it('refuses an offset that a number cannot hold', () => {
    const { message } = fetched();
    expect(() => new TakenRecords().from('t', 1, message({ offset: '9007199254740993' }))).toThrow(
      'offset 9007199254740993 of t/1',
    );
  });
});
