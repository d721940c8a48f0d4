import { describe, expect, it } from '@jest/globals';

import { ApiError, type FieldProblem } from '../http/api-error.ts';
import { checkBody } from '../http/read-body.ts';
import { newAccessKeySchema } from './new-access-key.ts';

const now = Date.UTC(2026, 10, 25);
const schema = newAccessKeySchema(() => now);

function problems(body: Record<string, unknown>): readonly FieldProblem[] {
  try {
    checkBody({ name: 'ci', ...body }, schema);
    return [];
  } catch (error) {
    if (error instanceof ApiError) return error.details;
    throw error;
  }
}

describe('a new access key', () => {
  it('may do everything and lasts, unless asked otherwise', () => {
    expect(checkBody({ name: ' ci ' }, schema)).toEqual({ name: 'ci', scopes: ['read', 'write'] });
    expect(checkBody({ name: 'ci', scopes: ['read'], tm_expire: '2026-11-25T01:00:00+00:00' }, schema)).toEqual({
      name: 'ci',
      scopes: ['read'],
      tm_expire: now + 3_600_000,
    });
    expect(checkBody({ name: 'ci', scopes: ['write', 'read', 'write'] }, schema).scopes).toEqual(['read', 'write']);
  });

  it.each([
    [{ scopes: 'read' }, 'scopes', /array of: read, write/],
    [{ scopes: [] }, 'scopes', /^must not be empty/],
    [{ scopes: ['read', 'admin'] }, 'scopes[1]', /^must be read or write/],
    [{ tm_expire: 'tomorrow' }, 'tm_expire', /RFC 3339/],
    [{ tm_expire: 1_800_000_000 }, 'tm_expire', /RFC 3339/],
    [{ tm_expire: '2026-11-25T00:00:00Z' }, 'tm_expire', /^must be in the future/],
  ])('is refused with %j', (given, field, message) => {
    expect(problems(given)).toEqual([{ field, message: expect.stringMatching(message) }]);
  });
});
