import type { Request } from 'express';

import { type FieldProblem, invalidFields } from './api-error.ts';

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

/** Reads `page_size` and `page_token`. @throws ApiError 400 naming the parameter. */
export function readPage(request: Pick<Request, 'query'>): Page {
  const problems: FieldProblem[] = [];
  const { page_size: size, page_token: token } = request.query;
  const pageSize = size === undefined ? MAX_SIZE : sizeIn(size);
  if (pageSize < 1 || pageSize > MAX_SIZE) {
    problems.push({ field: 'page_size', message: `must be a whole number between 1 and ${MAX_SIZE}` });
  }
  const after = token === undefined || token === '' ? undefined : decode(token);
  if (after === null) problems.push({ field: 'page_token', message: 'must be a next_page_token of an earlier answer' });
  if (problems.length > 0) throw invalidFields(problems);
  return { size: pageSize, after: after ?? undefined };
}

/** Makes a page of at most `page.size` from one entry more than that. */
export function pageBody<S, T>(
  entries: readonly S[],
  page: Page,
  idOf: (entry: S) => string,
  show: (entry: S) => T,
): PageBody<T> {
  const shown = entries.slice(0, page.size);
  const last = shown.at(-1);
  const more = entries.length > page.size && last !== undefined;
  return {
    result: shown.map(show),
    next_page_token: more ? Buffer.from(TOKEN_VERSION + idOf(last)).toString('base64url') : '',
  };
}

/** 0 for anything but one plain number. */
function sizeIn(text: unknown): number {
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

function decode(token: unknown): string | null {
  if (typeof token !== 'string') return null;
  const text = Buffer.from(token, 'base64url').toString();
  return text.startsWith(TOKEN_VERSION) && text.length > TOKEN_VERSION.length ? text.slice(TOKEN_VERSION.length) : null;
}
