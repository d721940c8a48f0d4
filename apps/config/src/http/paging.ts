import { isSortKey } from '#libs/store';
import type { Request } from 'express';
import { z } from 'zod';

import { readQuery } from './read-body.ts';

/** The page a list call asks for. */
export interface Page {
  readonly size: number;
  /** The last id of the page before; undefined on the first. */
  readonly after: string | undefined;
}

/** The body of a list call. */
export interface PageBody<T> {
  readonly result: readonly T[];
  /** Empty on the last page. */
  readonly next_page_token: string;
}

const MAX_SIZE = 100;
const TOKEN_VERSION = '1:';

const SIZE_PROBLEM = `must be a whole number between 1 and ${MAX_SIZE}`;
const TOKEN_PROBLEM = 'must be a next_page_token of an earlier answer';

/**
 * The parameters of a page, for lists that have others besides.
 *
 * @param isCursor whether the text in a token is one of this list's
 */
export function pageParameters(isCursor: (text: string) => boolean) {
  return {
    page_size: z
      .string({ error: SIZE_PROBLEM })
      .transform(sizeIn)
      .refine((size) => size >= 1 && size <= MAX_SIZE, { error: SIZE_PROBLEM })
      .default(MAX_SIZE)
      .meta({
        type: 'integer',
        minimum: 1,
        maximum: MAX_SIZE,
        default: MAX_SIZE,
        description: 'The most entries that the page may have.',
        examples: [20],
      }),
    page_token: z
      .string({ error: TOKEN_PROBLEM })
      .transform((token) => (token === '' ? undefined : decode(token)))
      .refine((cursor) => cursor === undefined || (cursor !== null && isCursor(cursor)), { error: TOKEN_PROBLEM })
      .transform((cursor) => cursor ?? undefined)
      .optional()
      .meta({
        description: 'The `next_page_token` of the answer before; left out, or empty, for the first page.',
        examples: [''],
      }),
  };
}

/** The parameters of a list in the order of ids, and of nothing else. */
export const readPageParameters = z.strictObject(pageParameters(() => true));

/** The same of a list in the order of time. */
export const readTimedPageParameters = z.strictObject(pageParameters(isSortKey));

/** Reads `page_size` and `page_token`. @throws ApiError 400 naming the parameter. */
export function readPage(request: Pick<Request, 'query'>): Page {
  const { page_size: size, page_token: after } = readQuery(request, readPageParameters);
  return { size, after };
}

/** Makes a page of at most `page.size` from one entry more than that. */
export function pageBody<S, T>(
  entries: readonly S[],
  page: Pick<Page, 'size'>,
  idOf: (entry: S) => string,
  show: (entry: S) => T,
): PageBody<T> {
  const shown = entries.slice(0, page.size);
  const last = shown.at(-1);
  const more = entries.length > page.size && last !== undefined;
  return { result: shown.map(show), next_page_token: more ? pageToken(idOf(last)) : '' };
}

/** The token of the page behind an entry. @param cursor where the entry stands in its list. */
export function pageToken(cursor: string): string {
  return Buffer.from(TOKEN_VERSION + cursor).toString('base64url');
}

/** 0 for anything but one plain number. */
function sizeIn(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function decode(token: string): string | null {
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith(TOKEN_VERSION) && text.length > TOKEN_VERSION.length ? text.slice(TOKEN_VERSION.length) : null;
}
