import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { SecretBox } from './secret-box.ts';

describe('SecretBox', () => {
  const secret = Buffer.from('a signing secret of 32 bytes ...');

  it('opens what it sealed, and seals differently each time', () => {
    const box = new SecretBox([randomBytes(32)]);
    const sealed = box.seal(secret);
    expect(box.open(sealed)).toEqual(secret);
    expect(box.seal(secret)).not.toBe(sealed);
    expect(sealed).not.toContain(secret.toString('base64'));
  });

  it('opens with any of its keys after a rotation, and seals with the first', () => {
    const [older, newer] = [randomBytes(32), randomBytes(32)];
    const sealed = new SecretBox([older]).seal(secret);
    const rotated = new SecretBox([newer, older]);
    expect(rotated.open(sealed)).toEqual(secret);
    expect(new SecretBox([newer]).open(rotated.seal(secret))).toEqual(secret);
  });

  it('tells which key sealed a secret', () => {
    const [older, newer] = [randomBytes(32), randomBytes(32)];
    const sealed = new SecretBox([older]).seal(secret);
    expect(new SecretBox([older, newer]).sealingKey(sealed)).toBe('first');
    expect(new SecretBox([newer, randomBytes(32), older]).sealingKey(sealed)).toBe('older');
    expect(new SecretBox([newer]).sealingKey(sealed)).toBe('none');
    expect(new SecretBox([older]).sealingKey('plain')).toBe('none');
    expect([new SecretBox([newer]), new SecretBox([newer, older])].map((box) => box.hasOlderKeys())).toEqual([
      false,
      true,
    ]);
  });

  it('opens nothing with a foreign key, and nothing that was altered', () => {
    const box = new SecretBox([randomBytes(32)]);
    const sealed = box.seal(secret);
    expect(new SecretBox([randomBytes(32)]).open(sealed)).toBeUndefined();
    expect(box.open(`${sealed.slice(0, -6)}AAAAA=`)).toBeUndefined();
    expect(box.open('v1.')).toBeUndefined();
    expect(box.open('plain')).toBeUndefined();
  });
});
