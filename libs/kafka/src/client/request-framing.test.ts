import { createRequire } from 'node:module';

import { expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { Encoded } from './produce-encoding.ts';
import { frameRequest, type RequestParts } from './request-framing.ts';

const original: (parts: RequestParts) => Promise<Encoded> = createRequire(import.meta.url)(
  'kafkajs/src/protocol/request',
);

const parts = fc.record({
  correlationId: fc.nat(2 ** 31 - 1),
  clientId: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }), fc.constantFrom(null, undefined)),
  request: fc.record({
    apiKey: fc.nat(60),
    apiVersion: fc.nat(12),
    encode: fc.uint8Array({ maxLength: 3_000, size: 'max' }).map((array) => {
      const buffer = Buffer.from(array);
      return async (): Promise<Encoded> => ({ buf: buffer, buffer });
    }),
  }),
});

it('frames a request as the client itself does', async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (given) => {
      const expected = await original(given);
      expect((await frameRequest(given)).buffer.toString('hex')).toBe(expected.buffer.toString('hex'));
    }),
    { numRuns: 300 },
  );
});
