import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import type { SealedSecret } from '#libs/domain';
import { SecretBox } from '#libs/runtime';

import { rotated } from './rotated.ts';
import { newSigningSecret, type SigningSecret } from './signing-secret.ts';

const HOUR = 3_600_000;
const box = new SecretBox([randomBytes(32)]);
const first = newSigningSecret();
const second = newSigningSecret();
const third = newSigningSecret();
const fourth = newSigningSecret();
const fifth = newSigningSecret();
const sealed = ({ bytes }: SigningSecret, expiresAt?: number): SealedSecret => ({
  sealed: box.seal(bytes),
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

function after(secrets: readonly SealedSecret[], next: SigningSecret, now: number): readonly SealedSecret[] {
  const outcome = rotated(secrets, next, { box, now });
  if ('kind' in outcome) throw new Error(outcome.reason);
  return outcome;
}

const opened = (secrets: readonly SealedSecret[]): unknown[] =>
  secrets.map((secret) => [box.open(secret.sealed)?.toString('hex'), secret.expiresAt]);
const of = ({ bytes }: SigningSecret, expiresAt?: number): unknown[] => [bytes.toString('hex'), expiresAt];

describe('a rotation', () => {
  it('puts the new secret first, and leaves the one before it 24 hours', () => {
    expect(opened(after([sealed(first)], second, 1_000))).toEqual([of(second), of(first, 1_000 + 24 * HOUR)]);
  });

  it('shortens no time that was promised, and drops what is over', () => {
    const once = after([sealed(first)], second, 0);
    const twice = after(once, third, HOUR);
    expect(opened(twice)).toEqual([of(third), of(second, 25 * HOUR), of(first, 24 * HOUR)]);
    expect(opened(after(twice, fourth, 24 * HOUR))).toEqual([of(fourth), of(third, 48 * HOUR), of(second, 25 * HOUR)]);
  });

  it('is refused when it would be the fifth in use, until the oldest is over', () => {
    const full = after(after(after([sealed(fourth)], first, 0), second, HOUR), third, 2 * HOUR);
    expect(full).toHaveLength(4);
    const until = 24 * HOUR;
    const refused = { kind: 'refused', reason: 'too_many_secrets', until };
    expect(rotated(full, fifth, { box, now: until - 1 })).toEqual(refused);
    expect(opened(after(full, fifth, until))).toHaveLength(4);
  });

  it('to the current secret changes nothing, so that it can be asked for again', () => {
    const secrets = after([sealed(first)], second, 0);
    expect(after(secrets, second, HOUR)).toBe(secrets);
  });

  it('to an earlier secret makes it the current one, once', () => {
    const secrets = after(after([sealed(first)], second, 0), third, HOUR);
    expect(opened(after(secrets, first, 2 * HOUR))).toEqual([of(first), of(third, 26 * HOUR), of(second, 25 * HOUR)]);
  });

  it('helps where the current secret cannot be read', () => {
    const foreign = { sealed: new SecretBox([randomBytes(32)]).seal(first.bytes) };
    expect(opened(after([foreign], second, 0))).toEqual([of(second), [undefined, 24 * HOUR]]);
  });
});
