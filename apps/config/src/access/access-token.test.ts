import { describe, expect, it } from '@jest/globals';

import { issueToken, matchesHash, readToken, sameText } from './access-token.ts';

describe('access tokens', () => {
  it('are read back, and match their hash and no other', () => {
    const issued = issueToken();
    const parts = readToken(issued.token);
    expect(parts?.id).toBe(issued.id);
    expect(parts && matchesHash(parts.secret, issued.secretHash)).toBe(true);
    expect(matchesHash(readToken(issueToken().token)?.secret ?? '', issued.secretHash)).toBe(false);
    expect(issued.secretHash).not.toContain(parts?.secret);
  });

  it.each([
    '',
    'ak_',
    'ak_x_y',
    `xx${issueToken().token.slice(2)}`,
    `${issueToken().token}a`,
    issueToken().token.slice(0, -1),
  ])('are not made of %j', (text) => {
    expect(readToken(text)).toBeUndefined();
  });
});

describe('sameText', () => {
  it('compares texts of any length', () => {
    expect(sameText('operator-key-0123', 'operator-key-0123')).toBe(true);
    expect(sameText('operator-key-0123', 'operator-key-0124')).toBe(false);
    expect(sameText('', 'operator-key-0123')).toBe(false);
  });
});
