import { exactJson } from '#libs/domain';
import type { Request } from 'express';

import { ApiError } from './api-error.ts';
import { isTooDeep, MAX_JSON_DEPTH } from './json-depth.ts';

/** The largest request body, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/**
 * Reads the request's body, which must be a JSON object. Whole numbers beyond 2^53 become bigint, so that no digit is lost. The
 * body is read only here, when it is known who asks.
 *
 * @throws ApiError 400, 413 or 415
 */
export async function requestJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const body = await requestBytes(request);
  if (body.length === 0) {
    throw new ApiError('NO_BODY', 'The request needs a JSON object as its body.');
  }
  if (!JSON_TYPE.test(request.header('content-type') ?? '')) {
    throw new ApiError('CONTENT_TYPE', 'Send the body with content-type: application/json.');
  }
  const encoding = request.header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new ApiError('CONTENT_ENCODING', 'Send the body without a content-encoding.');
  }
  return parseObject(body);
}

/** @throws ApiError 400 when the bytes are not a JSON object in UTF-8 */
export function parseObject(body: Buffer): Readonly<Record<string, unknown>> {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('NOT_AN_OBJECT', 'The request body must be a JSON object.');
  }
  return Object.fromEntries(Object.entries(value));
}

const bodies = new WeakMap<Request, Promise<Buffer>>();

/** The request's body, which is read once, however often it is asked for. @throws ApiError 400 or 413 */
export function requestBytes(request: Request): Promise<Buffer> {
  const known = bodies.get(request);
  if (known) return known;
  const body = bytesOf(request);
  bodies.set(request, body);
  return body;
}

async function bytesOf(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = Number(request.header('content-length') ?? 0);
  if (size > MAX_BODY_BYTES) throw tooLarge();
  size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > MAX_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('INCOMPLETE_BODY', 'The request ended before its body did.');
  }
  return Buffer.concat(chunks);
}

function tooLarge(): ApiError {
  const message = `The request body is larger than ${MAX_BODY_BYTES / 1024} KiB.`;
  return new ApiError('BODY_TOO_LARGE', message);
}

function parsed(body: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (isTooDeep(text)) throw tooDeep();
    return exactJson(text);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('NOT_JSON', 'The request body is not valid JSON in UTF-8.');
  }
}

function tooDeep(): ApiError {
  const message = `Objects and arrays of the request body may lie in each other at most ${MAX_JSON_DEPTH} deep.`;
  return new ApiError('JSON_TOO_DEEP', message);
}
