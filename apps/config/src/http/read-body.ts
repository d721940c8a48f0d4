import { nearest } from '#libs/event-schemas';
import type { Request } from 'express';
import { isInteger, isSafeNumber, parse } from 'lossless-json';
import { z } from 'zod';

import { ApiError, type FieldProblem, invalidFields } from './api-error.ts';

/** The largest request body, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;

/**
 * The request's JSON object, checked. Whole numbers beyond 2^53 become bigint, so that no digit is lost.
 *
 * @throws ApiError 400 with one detail a field, 415 for anything but JSON.
 */
export function readBody<T extends z.ZodObject>(request: Request, schema: T): z.output<T> {
  const result = schema.safeParse(jsonObject(request));
  if (result.success) return result.data;
  throw invalidFields(problemsOf(result.error, Object.keys(schema.shape)));
}

function jsonObject(request: Request): Readonly<Record<string, unknown>> {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new ApiError('INVALID_ARGUMENT', 'NO_BODY', 'The request needs a JSON object as its body.');
  }
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(request.header('content-type') ?? '')) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'CONTENT_TYPE', 'Send the body with content-type: application/json.');
  }
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError('INVALID_ARGUMENT', 'NOT_AN_OBJECT', 'The request body must be a JSON object.');
  }
  return Object.fromEntries(Object.entries(value));
}

function parsed(body: Buffer): unknown {
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(body), null, {
      parseNumber: (text) => (isInteger(text) && !isSafeNumber(text) ? BigInt(text) : Number(text)),
    });
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'NOT_JSON', 'The request body is not valid JSON in UTF-8.');
  }
}

/** One entry a field: what is wrong with it first. */
function problemsOf(error: z.ZodError, known: readonly string[]): FieldProblem[] {
  const problems = new Map<string, string>();
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) problems.set(key, unknownField(key, known));
      continue;
    }
    const field = String(issue.path[0] ?? 'body');
    if (!problems.has(field)) problems.set(field, issue.message);
  }
  return [...problems].map(([field, message]) => ({ field, message }));
}

function unknownField(name: string, known: readonly string[]): string {
  const [suggestion] = nearest(name, known);
  const hint = suggestion === undefined ? `known fields: ${known.join(', ')}` : `did you mean ${suggestion}?`;
  return `is not a field of this call; ${hint}`;
}
