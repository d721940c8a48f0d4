import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';

import { ApiError } from './api-error.ts';
import { expectedRevisions } from './entity-tag.ts';

function revisions(header: string | undefined): readonly number[] | undefined {
  const request: Pick<Request, 'headers'> = { headers: header === undefined ? {} : { 'if-match': header } };
  return expectedRevisions(request);
}

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"7"', [7]],
    ['"7", "9"', [7, 9]],
    ['"0"', [0]],
    ['W/"7"', []],
    ['"x"', []],
    ['"07"', []],
    ['"1e3","99999999999999999999"', []],
    ['""', []],
  ])('%j means the revisions %j', (header, expected) => {
    expect(revisions(header)).toEqual(expected);
  });

  it.each(['7', '', '"7', '"7" "8"', '"7",', '*, "7"', '"a b"'])('may not be %j', (header) => {
    expect(() => revisions(header)).toThrow(ApiError);
  });
});
