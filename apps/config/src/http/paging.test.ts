import { describe, expect, it } from '@jest/globals';

import { pageBody, readPage } from './paging.ts';

const page = (query: Parameters<typeof readPage>[0]['query']) => readPage({ query });
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `id-${index}`);
const show = (id: string): string => id;

describe('readPage', () => {
  it('asks for a hundred from the start by default', () => {
    expect(page({})).toEqual({ size: 100, after: undefined });
    expect(page({ page_token: '' })).toEqual({ size: 100, after: undefined });
  });

  it.each(['0', '101', '-1', '1.5', '1e1', ' 5', '', 'ten', ['5', '6']])('refuses the page size %j', (size) => {
    expect(() => page({ page_size: size })).toThrow(
      expect.objectContaining({
        details: [{ field: 'page_size', message: 'must be a whole number between 1 and 100' }],
      }),
    );
  });

  it.each(['x', 'MTo', '!!!', ['a', 'b']])('refuses the page token %j', (token) => {
    expect(() => page({ page_token: token })).toThrow(
      expect.objectContaining({ details: [expect.objectContaining({ field: 'page_token' })] }),
    );
  });
});

describe('pageBody', () => {
  it('hands out a token that leads to what follows', () => {
    const first = pageBody(ids(3), { size: 2, after: undefined }, show, show);
    expect(first.result).toEqual(['id-0', 'id-1']);
    expect(page({ page_token: first.next_page_token })).toEqual({ size: 100, after: 'id-1' });
  });

  it('has an empty token on the last page, also on one that is exactly full', () => {
    expect(pageBody(ids(2), { size: 2, after: undefined }, show, show).next_page_token).toBe('');
    expect(pageBody([], { size: 2, after: undefined }, show, show)).toEqual({ result: [], next_page_token: '' });
  });
});
