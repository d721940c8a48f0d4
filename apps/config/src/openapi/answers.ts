import type { Reason } from '../http/reasons.ts';
import type { AnswerDescription } from './describes.ts';
import { exampleOf } from './example.ts';
import type { Failures } from './failures.ts';
import { successHeaders } from './headers.ts';
import type { JsonSchemas } from './json-schemas.ts';
import type { Answer, Reference } from './open-api.ts';
import type { Route } from './routes.ts';

const JSON_TYPE = 'application/json';
const BY_KEY: readonly Reason[] = [
  'NO_KEY',
  'WRONG_KEY',
  'EXPIRED_KEY',
  'MISSING_SCOPE',
  'RATE_LIMITED',
  'TOO_MANY_FAILURES',
  'DEPENDENCY_UNAVAILABLE',
];
/** A repeated request is compared with the first by its body, whether the call needs one or not. */
const BY_IDEMPOTENCY_KEY: readonly Reason[] = [
  'INVALID_FIELDS',
  'REQUEST_UNDER_WAY',
  'ANSWER_UNREADABLE',
  'IDEMPOTENCY_KEY_REUSED',
  'INCOMPLETE_BODY',
  'BODY_TOO_LARGE',
];
const BY_BODY: readonly Reason[] = [
  'INVALID_FIELDS',
  'NOT_JSON',
  'NOT_AN_OBJECT',
  'JSON_TOO_DEEP',
  'INCOMPLETE_BODY',
  'BODY_TOO_LARGE',
  'CONTENT_TYPE',
  'CONTENT_ENCODING',
];

/** Every answer of a call, by status. */
export function answersOf(
  route: Route,
  schemas: JsonSchemas,
  failures: Failures,
): Readonly<Record<string, Answer | Reference>> {
  const { answer, otherAnswer } = route.description;
  return {
    [route.status]: success(route, answer, schemas),
    ...(otherAnswer === undefined ? {} : { [otherAnswer.status]: success(route, otherAnswer, schemas) }),
    ...failures.of(reasonsOf(route), route.access.kind === 'key'),
  };
}

/** Why a call can fail: what follows from its guards, path, query and body, and what its description adds. */
function reasonsOf({ access, method, parameters, description }: Route): readonly Reason[] {
  const { body, query, revisions } = description;
  const reasons = new Set<Reason>(description.reasons).add('NOT_HTTP');
  const add = (when: boolean, ...more: readonly Reason[]): void => {
    if (when) more.forEach((reason) => reasons.add(reason));
  };
  add(access.kind === 'key', ...BY_KEY);
  add(access.kind === 'key' && access.operatorOnly, 'OPERATOR_ONLY');
  add(access.kind === 'key' && method === 'post', ...BY_IDEMPOTENCY_KEY);
  // The second for a parameter whose percent-encoding is broken.
  add(parameters.length > 0, 'NOT_FOUND', 'NO_SUCH_CALL');
  add(query !== undefined, 'INVALID_FIELDS');
  add(body !== undefined, ...BY_BODY);
  add(body !== undefined && body.optional !== true, 'NO_BODY');
  add(revisions === 'expected', 'INVALID_FIELDS', 'OUTDATED');
  return [...reasons];
}

function success(route: Route, { description, schema }: AnswerDescription, schemas: JsonSchemas): Answer {
  const headers = successHeaders(route);
  if (schema === undefined) return { description, headers };
  const [contentType = JSON_TYPE] = route.headers.get('content-type')?.split(';') ?? [];
  const written = schemas.of(schema);
  return {
    description,
    headers,
    content: {
      [contentType]: { schema: written, example: exampleOf(written, schemas, route.description.operationId) },
    },
  };
}
