import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type ResponseListener, ResponseReader } from './response-reader.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

/** What a listener hears, as text. */
class Heard implements ResponseListener {
  readonly calls: string[] = [];
  body = '';

  onHead({ status }: { status: number }): void {
    this.calls.push(`head ${status}`);
  }

  onBody(bytes: Buffer): void {
    this.body += bytes.toString('latin1');
  }

  onEnd(): void {
    this.calls.push('end');
  }

  onBroken(error: unknown): void {
    this.calls.push(error instanceof Error ? error.name : String(error));
  }
}

/** Reads one answer that comes in pieces; each lies in a buffer that is overwritten afterwards. */
function read(pieces: readonly string[], closes = false) {
  const reader = new ResponseReader();
  const heard = new Heard();
  reader.begin(heard);
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    if (reader.busy) reader.push(bytes);
    bytes.fill('?');
  }
  if (closes) reader.end();
  return { calls: heard.calls, body: heard.body, reusable: reader.reuse !== undefined };
}

/** Cuts a text at the given places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

const ENDED = ['head 200', 'end'];

const COMPLETE: ReadonlyArray<[string, string, { calls: string[]; body: string; reusable: boolean }]> = [
  ['no body', `${OK}content-length: 0\r\n\r\n`, { calls: ENDED, body: '', reusable: true }],
  ['a body', `${OK}content-length: 3\r\n\r\nabc`, { calls: ENDED, body: 'abc', reusable: true }],
  [
    'chunks',
    `${OK}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA ;x="y"\r\n0123456789\r\n0\r\n\r\n`,
    { calls: ENDED, body: 'abc0123456789', reusable: true },
  ],
  [
    'trailers',
    `${OK}transfer-encoding: chunked\r\n\r\n1\r\na\r\n00\r\nx: y\r\nz: 0\r\n\r\n`,
    { calls: ENDED, body: 'a', reusable: true },
  ],
  [
    'interim answers that nobody asked for',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nlink: a\r\n\r\nHTTP/1.1 102 x\r\n\r\n${OK}content-length: 1\r\n\r\na`,
    { calls: ENDED, body: 'a', reusable: true },
  ],
  ['more than was asked for', `${OK}content-length: 1\r\n\r\nab`, { calls: ENDED, body: 'a', reusable: false }],
  [
    'a second answer',
    `${OK}content-length: 0\r\n\r\n${OK}content-length: 0\r\n\r\n`,
    { calls: ENDED, body: '', reusable: false },
  ],
  [
    'connection: close',
    `${OK}connection: close\r\ncontent-length: 0\r\n\r\n`,
    { calls: ENDED, body: '', reusable: false },
  ],
  [
    'a broken chunk size',
    `${OK}transfer-encoding: chunked\r\n\r\nzz\r\n`,
    { calls: ['head 200', 'InvalidResponseError'], body: '', reusable: false },
  ],
  [
    'a chunk that is longer than it says',
    `${OK}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n`,
    { calls: ['head 200', 'InvalidResponseError'], body: 'a', reusable: false },
  ],
  [
    'a bare line feed',
    `${OK}transfer-encoding: chunked\r\n\r\n1\na\r\n`,
    { calls: ['head 200', 'InvalidResponseError'], body: '', reusable: false },
  ],
  ['101', 'HTTP/1.1 101 x\r\n\r\n', { calls: ['InvalidResponseError'], body: '', reusable: false }],
  ['another protocol', '220 mail ESMTP\r\n', { calls: ['InvalidResponseError'], body: '', reusable: false }],
];

describe('an answer', () => {
  it.each(COMPLETE)('with %s is read to its end', (_name, text, expected) => {
    expect(read([text])).toEqual(expected);
  });

  it.each(COMPLETE.filter(([, , { reusable, calls }]) => reusable || calls.length === 1 || calls[1] !== 'end'))(
    'with %s is the same however it is cut into pieces',
    (_name, text, expected) => {
      fc.assert(
        fc.property(fc.array(fc.nat(), { maxLength: 20 }), (places) => {
          expect(read(cut(text, places))).toEqual(expected);
        }),
      );
      expect(read(text.split(''))).toEqual(expected);
    },
  );

  it('whose body ends with the connection ends with it', () => {
    expect(read([`${OK}\r\nab`, 'c'], true)).toEqual({ calls: ENDED, body: 'abc', reusable: false });
  });

  it.each([
    ['nothing', ''],
    ['half a head', `${OK}a: b`],
  ])('that ends after %s is broken', (_name, text) => {
    expect(read([text], true).calls).toEqual(['ConnectionClosedError']);
  });

  it.each([
    ['half a body', `${OK}content-length: 3\r\n\r\nab`],
    ['half the chunks', `${OK}transfer-encoding: chunked\r\n\r\n3\r\nab`],
    ['chunks without their end', `${OK}transfer-encoding: chunked\r\n\r\n1\r\na\r\n`],
  ])('that ends after %s is broken, and had a head', (_name, text) => {
    expect(read([text], true).calls).toEqual(['head 200', 'ConnectionClosedError']);
  });

  it('may have headers of 16 KiB, and no larger ones, in one piece or in many', () => {
    const start = `${OK}content-length: 0\r\nx: `;
    const fits = `${start}${'x'.repeat(16 * 1024 - start.length)}\r\n\r\n`;
    const exceeds = `${start}${'x'.repeat(16 * 1024 - start.length + 1)}\r\n\r\n`;
    for (const pieces of [[fits], cut(fits, [1, 5_000, 16_000])]) expect(read(pieces).calls).toEqual(ENDED);
    for (const pieces of [[exceeds], cut(exceeds, [1, 5_000, 16_000])]) {
      expect(read(pieces).calls).toEqual(['InvalidResponseError']);
    }
    expect(read([start, ...Array.from({ length: 20 }, () => 'x'.repeat(1_000))]).calls).toEqual([
      'InvalidResponseError',
    ]);
  });

  it('may have ten interim answers before it, and no more, in one piece or in many', () => {
    const interim = (count: number) => 'HTTP/1.1 103 x\r\n\r\n'.repeat(count);
    const after = `${OK}content-length: 0\r\n\r\n`;
    for (const pieces of [[interim(10) + after], [...Array.from({ length: 10 }, () => interim(1)), after]]) {
      expect(read(pieces).calls).toEqual(ENDED);
    }
    for (const pieces of [[interim(3_000)], Array.from({ length: 11 }, () => interim(1))]) {
      expect(read(pieces).calls).toEqual(['InvalidResponseError']);
    }
  });

  it('may have neither a chunk-size line nor trailers without end', () => {
    const chunks = `${OK}transfer-encoding: chunked\r\n\r\n`;
    expect(read([chunks, `1;${'x'.repeat(5_000)}`]).calls).toEqual(['head 200', 'InvalidResponseError']);
    expect(read([`${chunks}0\r\n${'a: b\r\n'.repeat(101)}\r\n`]).calls).toEqual(['head 200', 'InvalidResponseError']);
  });

  it('that is nonsense is refused, never an exception', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(
        OK,
        '\r\n',
        '\r\n\r\n',
        'content-length: 3',
        'transfer-encoding: chunked',
        '0',
        '3',
        'HTTP/1.',
        ':',
      ),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 12 }), (pieces) => {
        const { calls } = read(pieces, true);
        expect(['end', 'InvalidResponseError', 'ConnectionClosedError']).toContain(calls.at(-1));
        expect(calls.filter((call) => call !== 'head 200').length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a reader', () => {
  it('reads the next answer, asked for in the call that ends the last', () => {
    const reader = new ResponseReader();
    const second = new Heard();
    const first = new Heard();
    first.onEnd = () => reader.begin(second);
    reader.begin(first);
    reader.push(Buffer.from(`${OK}content-length: 0\r\n\r\n`));
    expect([reader.busy, second.calls]).toEqual([true, []]);
    reader.push(Buffer.from(`HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n`));
    expect([reader.busy, second.calls]).toEqual([false, ['head 500', 'end']]);
  });

  it('says nothing of what was given up, amid the body', () => {
    const reader = new ResponseReader();
    const heard = new Heard();
    heard.onBody = () => reader.stop();
    reader.begin(heard);
    reader.push(Buffer.from(`${OK}transfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n`));
    reader.end();
    expect(heard.calls).toEqual(['head 200']);
  });
});
