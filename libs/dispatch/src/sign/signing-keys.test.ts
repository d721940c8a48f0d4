import { createHmac, randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import type { SealedSecret, Webhook } from '#libs/domain';
import { SecretBox } from '#libs/runtime';

import { SigningKeys } from './signing-keys.ts';

const box = new SecretBox([randomBytes(32)]);
const seal = (text: string): string => box.seal(Buffer.from(text));

function webhookWith(secrets: readonly SealedSecret[]): Webhook {
  return {
    id: 'w',
    customerId: 'c',
    url: 'https://example.test/',
    eventTypes: ['*'],
    status: 'active',
    success: '200',
    signatures: ['standard'],
    secrets,
  };
}

/** Secrets by what they make of the same message. */
const known = new Map(
  ['new', 'old', 'ours'].map((text) => [createHmac('sha256', text).update('x').digest('hex'), text] as const),
);

describe('SigningKeys', () => {
  const clock = { time: 1_000, now: () => clock.time };
  const texts = (keys: SigningKeys, secrets: readonly SealedSecret[], webhook = webhookWith(secrets)): string[] =>
    keys.of(webhook).map((key) => known.get(key.sign('', Buffer.from('x'), 'hex')) ?? 'unknown');

  it('leaves a secret out from the moment it expires', () => {
    const keys = new SigningKeys(box, clock);
    const secrets = [{ sealed: seal('new') }, { sealed: seal('old'), expiresAt: 2_000 }];
    const webhook = webhookWith(secrets);
    expect(texts(keys, secrets, webhook)).toEqual(['new', 'old']);
    clock.time = 2_000;
    expect(texts(keys, secrets, webhook)).toEqual(['new']);
    expect(texts(keys, secrets)).toEqual(['new']);
  });

  it('leaves out what cannot be decrypted', () => {
    const foreign = new SecretBox([randomBytes(32)]).seal(Buffer.from('foreign'));
    const keys = new SigningKeys(box, clock);
    expect(texts(keys, [{ sealed: foreign }, { sealed: seal('ours') }])).toEqual(['ours']);
    expect(texts(keys, [{ sealed: foreign }, { sealed: 'plain' }])).toEqual([]);
  });

  it('makes a key object once per secret', () => {
    const keys = new SigningKeys(box, clock);
    const webhook = webhookWith([{ sealed: seal('once') }]);
    expect(keys.of(webhook)[0]).toBe(keys.of({ ...webhook })[0]);
  });
});
