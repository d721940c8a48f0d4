import { describe, expect, it } from '@jest/globals';

import { z } from 'zod';

import { pageBody, pageParameters, pageToken, readPage } from './paging.ts';
import { readQuery } from './read-body.ts';

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
    const first = pageBody(ids(3), { size: 2 }, show, show);
    expect(first.result).toEqual(['id-0', 'id-1']);
    expect(page({ page_token: first.next_page_token })).toEqual({ size: 100, after: 'id-1' });
  });

  it('has an empty token on the last page, also on one that is exactly full', () => {
    expect(pageBody(ids(2), { size: 2 }, show, show).next_page_token).toBe('');
    expect(pageBody([], { size: 2 }, show, show)).toEqual({ result: [], next_page_token: '' });
  });
});

describe('the parameters of a page, beside others', () => {
  const schema = z.strictObject({
    outcome: z.string().optional(),
    ...pageParameters((text) => text.startsWith('key-')),
  });
  const problems = (query: Record<string, string | string[]>): unknown => {
    try {
      return readQuery({ query }, schema);
    } catch (error) {
      return error instanceof Error && 'details' in error ? error.details : error;
    }
  };

  it('have a default, and read the tokens of their own list', () => {
    expect(problems({})).toEqual({ page_size: 100 });
    expect(problems({ page_token: '' })).toMatchObject({ page_size: 100 });
    expect(problems({ page_size: '7', page_token: pageToken('key-3') })).toEqual({ page_size: 7, page_token: 'key-3' });
  });

  it.each([
    [{ page_size: '0' }, 'page_size', 'must be a whole number between 1 and 100'],
    [{ page_size: '101' }, 'page_size', 'must be a whole number between 1 and 100'],
    [{ page_size: ['1', '2'] }, 'page_size', 'must be a whole number between 1 and 100'],
    [{ page_token: 'x' }, 'page_token', 'must be a next_page_token of an earlier answer'],
    [{ page_token: pageToken('other-3') }, 'page_token', 'must be a next_page_token of an earlier answer'],
    [{ outcom: 'x' }, 'outcom', 'is not a parameter of this call; did you mean outcome?'],
    [
      { zzzzzzzzz: 'x' },
      'zzzzzzzzz',
      'is not a parameter of this call; known parameters: outcome, page_size, page_token',
    ],
  ])('are refused in %j, with the remedy', (query, field, message) => {
    expect(problems(query)).toEqual([{ field, message }]);
  });
});
