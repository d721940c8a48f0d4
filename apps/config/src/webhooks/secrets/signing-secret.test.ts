import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { newSigningSecret, ownSigningSecret } from './signing-secret.ts';

const textOf = (bytes: number): string => `whsec_${randomBytes(bytes).toString('base64')}`;

function problemWith(given: unknown): string | undefined {
  return ownSigningSecret.safeParse(given).error?.issues[0]?.message;
}

describe('a signing secret', () => {
  it('of ours is 32 bytes, another each time', () => {
    const { bytes, text } = newSigningSecret();
    expect(bytes).toHaveLength(32);
    expect(text).toBe(`whsec_${bytes.toString('base64')}`);
    expect(newSigningSecret().text).not.toBe(text);
  });

  it.each([24, 25, 26, 32, 64])("of the customer's own may have %i bytes", (length) => {
    const text = textOf(length);
    expect(ownSigningSecret.parse(text)).toEqual({ text, bytes: Buffer.from(text.slice(6), 'base64') });
  });

  it.each([
    [textOf(23), /^must be the base64 of 24 to 64 bytes, not of 23$/],
    [textOf(65), /not of 65$/],
    ['whsec_', /not of 0$/],
    [randomBytes(32).toString('base64'), /^must begin with whsec_$/],
    [`WHSEC_${randomBytes(32).toString('base64')}`, /^must begin with whsec_$/],
    [` ${textOf(32)}`, /^must begin with whsec_$/],
    [`${textOf(32)}\n`, /nothing but base64/],
    [textOf(32).replace(/=+$/, ''), /nothing but base64/],
    [`${textOf(32)}=`, /nothing but base64/],
    [`${textOf(24)}====`, /nothing but base64/],
    [`whsec_${Buffer.alloc(32, 0xff).toString('base64url')}=`, /nothing but base64/],
    // The last letter before the padding has bits that stand for nothing.
    [`whsec_${'A'.repeat(42)}B=`, /nothing but base64/],
    [`whsec_${randomBytes(32).toString('hex')}!`, /nothing but base64/],
    [7, /^must be text/],
    [null, /^must be text/],
  ])('may not be %j', (given, message) => {
    expect(problemWith(given)).toMatch(message);
  });

  it('is never repeated in what is wrong with it', () => {
    for (const given of [textOf(23), `${textOf(32)}!`, randomBytes(32).toString('base64')]) {
      expect(JSON.stringify(ownSigningSecret.safeParse(given).error)).not.toContain(given.slice(8, 16));
    }
  });
});
