import { nearest } from '#libs/event-schemas';
import type { Request } from 'express';
import { z } from 'zod';

import { ApiError, type FieldProblem, invalidFields } from './api-error.ts';
import { requestJson } from './request-json.ts';

const MAX_DETAILS = 100;
/** Longer than any field of ours, so nothing can be near it. */
const MAX_GUESSED_LENGTH = 100;

/**
 * The request's JSON object, checked.
 *
 * @throws ApiError 400 with one detail a field, 413 for a body that is too large, 415 for anything but JSON.
 */
export async function readBody<T extends z.ZodObject>(request: Request, schema: T): Promise<z.output<T>> {
  return checkBody(await requestJson(request), schema);
}

/**
 * The request's JSON object, checked; no body stands for an object without fields.
 *
 * @throws ApiError as {@link readBody} does
 */
export async function readOptionalBody<T extends z.ZodObject>(request: Request, schema: T): Promise<z.output<T>> {
  try {
    return await readBody(request, schema);
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'NO_BODY') return checkBody({}, schema);
    throw error;
  }
}

/**
 * The request's JSON object, checked, where each field changes something.
 *
 * @throws ApiError as {@link readBody} does, and 400 when there is no field
 */
export async function readChanges<T extends z.ZodObject>(request: Request, schema: T): Promise<z.output<T>> {
  const body = await requestJson(request);
  if (Object.keys(body).length > 0) return checkBody(body, schema);
  const message = `The request changes nothing; give at least one of ${changeable(schema).join(', ')}.`;
  throw new ApiError('NO_CHANGE', message);
}

/** Fields that are there only to say why they are refused do not count. */
function changeable(schema: z.ZodObject): string[] {
  const refused = (field: unknown): boolean => field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodNever;
  return Object.entries(schema.shape).flatMap(([name, field]) => (refused(field) ? [] : [name]));
}

/** @throws ApiError 400 with one detail a field */
export function checkBody<T extends z.ZodObject>(body: Readonly<Record<string, unknown>>, schema: T): z.output<T> {
  return check(body, schema, 'field');
}

/**
 * The request's query parameters, checked.
 *
 * @throws ApiError 400 with one detail a parameter
 */
export function readQuery<T extends z.ZodObject>(request: Pick<Request, 'query'>, schema: T): z.output<T> {
  return check(request.query, schema, 'parameter');
}

function check<T extends z.ZodObject>(
  given: Readonly<Record<string, unknown>>,
  schema: T,
  kind: 'field' | 'parameter',
): z.output<T> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw invalidFields(problemsOf(result.error, Object.keys(schema.shape), kind));
}

/** One entry a field: what is wrong with it first. */
function problemsOf(error: z.ZodError, known: readonly string[], kind: string): FieldProblem[] {
  const problems = new Map<string, string>();
  const add = (field: string, message: () => string): void => {
    if (!problems.has(field) && problems.size < MAX_DETAILS) problems.set(field, message());
  };
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) add(key, () => unknown(key, known, kind));
    else add(pathOf(issue.path), () => issue.message);
  }
  return [...problems].map(([field, message]) => ({ field, message }));
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function unknown(name: string, known: readonly string[], kind: string): string {
  const [suggestion] = name.length > MAX_GUESSED_LENGTH ? [] : nearest(name, known);
  const hint = suggestion === undefined ? `known ${kind}s: ${known.join(', ')}` : `did you mean ${suggestion}?`;
  return `is not a ${kind} of this call; ${hint}`;
}
