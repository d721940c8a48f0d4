import type { Request, Response } from 'express';

import { ApiError, invalidFields } from './api-error.ts';

const TAG_LIST = /^\s*(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*\s*$/;
const STRONG_TAG = /(W\/)?"([\x21\x23-\x7e]*)"/g;
const REVISION = /^(?:0|[1-9]\d{0,14})$/;

/** Says in the answer's `ETag` which revision of a resource it shows (RFC 9110, section 8.8.3). */
export function tagRevision(response: Response, revision: number): void {
  response.setHeader('ETag', `"${revision}"`);
}

/**
 * The revisions that a change is meant for, from `If-Match` (RFC 9110, section 13.1.1); undefined = any. Tags that this API did not
 * give, weak ones among them, stand for no revision.
 *
 * @throws ApiError 400 when the header is not a list of entity tags
 */
export function expectedRevisions(request: Pick<Request, 'headers'>): readonly number[] | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return undefined;
  if (!TAG_LIST.test(header)) {
    throw invalidFields([
      { field: 'If-Match', message: 'must be the ETag of an earlier answer, with its quotes, or *' },
    ]);
  }
  return [...header.matchAll(STRONG_TAG)]
    .filter(([, weak, tag]) => weak === undefined && REVISION.test(tag ?? ''))
    .map(([, , tag]) => Number(tag));
}

/** 412 for a resource that has changed since the client saw it. */
export function outdated(what: string): ApiError {
  return new ApiError('OUTDATED', `${what} has changed since; read it again, and decide anew.`);
}
