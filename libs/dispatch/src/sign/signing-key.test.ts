import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { SigningKey } from './signing-key.ts';

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

describe('SigningKey', () => {
  it('signs as RFC 4231 says (test cases 2 and 6)', () => {
    const short = new SigningKey(Buffer.from('Jefe'));
    expect(short.sign('what do ya want ', Buffer.from('for nothing?'), 'hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    const longerThanABlock = new SigningKey(Buffer.alloc(131, 0xaa));
    expect(
      longerThanABlock.sign('Test Using Larger Than Block-Size Key - Hash Key First', Buffer.alloc(0), 'hex'),
    ).toBe('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54');
  });

  it("agrees with the runtime's own HMAC, whatever the key, the prefix and the body", () => {
    fc.assert(
      fc.property(bytes(150), fc.string({ unit: 'binary' }), bytes(2_000), (secret, prefix, body) => {
        const expected = createHmac('sha256', secret).update(prefix).update(body).digest('base64');
        expect(new SigningKey(secret).sign(prefix, body, 'base64')).toBe(expected);
      }),
    );
  });

  it.each([63, 64, 65, 128, 129])('takes a secret of %i bytes', (length) => {
    const secret = Buffer.alloc(length, 'k');
    const expected = createHmac('sha256', secret).update('body').digest('hex');
    expect(new SigningKey(secret).sign('', Buffer.from('body'), 'hex')).toBe(expected);
  });

  it('signs a long prefix of characters that take three bytes each', () => {
    const prefix = '\u260e'.repeat(100_000);
    const expected = createHmac('sha256', 'secret').update(prefix).update('body').digest('hex');
    expect(new SigningKey(Buffer.from('secret')).sign(prefix, Buffer.from('body'), 'hex')).toBe(expected);
  });

  it('signs long messages, and short ones after them', () => {
    const key = new SigningKey(Buffer.from('secret'));
    for (const length of [100_000, 10, 3_000_000, 10]) {
      const body = Buffer.alloc(length, 'x');
      expect(key.sign('id.', body, 'hex')).toBe(
        createHmac('sha256', 'secret').update('id.').update(body).digest('hex'),
      );
    }
  });
});
