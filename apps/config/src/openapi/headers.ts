import { API_STATUS } from '../http/api-status.ts';
import type { Reason } from '../http/reasons.ts';
import type { Header, Parameter, Reference } from './open-api.ts';
import type { Route } from './routes.ts';

const text = (pattern: string) => ({ type: 'string', pattern }) as const;

/** The headers of answers that clients may rely on, besides those of HTTP itself. One that is not required is there where it says so. */
export const HEADERS = {
  'x-request-id': {
    description: "The request's id: the client's own where it sent a usable one. Quote it when you ask for help.",
    required: true,
    schema: text('^[\\w.-]{1,100}$'),
  },
  etag: {
    description: 'The revision that the body shows; for `If-Match`.',
    required: true,
    schema: text('^"[0-9]+"$'),
  },
  'retry-after': { description: 'Seconds to wait before the next try.', required: true, schema: text('^[0-9]+$') },
  'www-authenticate': {
    description: 'How to authenticate.',
    required: true,
    schema: { type: 'string', const: 'Bearer' },
  },
  allow: {
    description: 'The methods that the path answers to.',
    required: true,
    schema: text('^[A-Z]+(, [A-Z]+)*$'),
  },
  ratelimit: {
    description:
      'Of requests with an access key: `"key";r=<requests left>;t=<seconds until all are there again>` (draft-ietf-httpapi-ratelimit-headers).',
    required: false,
    schema: text('^"key";r=[0-9]+;t=[0-9]+$'),
  },
  'ratelimit-policy': {
    description: 'Of requests with an access key: `"key";q=<requests at once>;w=<seconds until they are there again>`.',
    required: false,
    schema: text('^"key";q=[0-9]+;w=[0-9]+$'),
  },
  'idempotency-replayed': {
    description: 'The request was carried out before; this is the answer of that time.',
    required: false,
    schema: { type: 'string', const: 'true' },
  },
} as const satisfies Readonly<Record<string, Header>>;

type HeaderName = keyof typeof HEADERS;

/** Headers of requests, by their names among the document's parameters. */
export const REQUEST_HEADERS = {
  RequestId: {
    name: 'x-request-id',
    in: 'header',
    required: false,
    description:
      'An id of your own for the request: up to 100 letters, digits, `_`, `.` and `-`. Any other is replaced by a new one.',
    schema: { type: 'string' },
    example: 'order-4711.2',
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'The `ETag` of the answer in which you saw the resource: if it has changed since, nothing is changed and the answer is 412. Without it, or with `*`, the last change wins.',
    schema: text('^(\\*|"[0-9]+"(, "[0-9]+")*)$'),
    example: '"3"',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Up to 255 visible characters of your own, a UUID for example. A request that is repeated with it within 24 hours is not carried out again, and gets the answer of the first one.',
    schema: text('^[!-~]{1,255}$'),
    example: '0c8e5f0a-3f0f-4f6c-8c1e-5f6d7a8b9c01',
  },
} as const satisfies Readonly<Record<string, Parameter>>;

/** The headers that the requests of a call may have. */
export function requestHeadersOf({ access, method, description }: Route): readonly Reference[] {
  const names: Array<keyof typeof REQUEST_HEADERS> = [];
  if (description.revisions === 'expected') names.push('IfMatch');
  if (access.kind === 'key' && method === 'post') names.push('IdempotencyKey');
  names.push('RequestId');
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

const RATES: readonly HeaderName[] = ['ratelimit', 'ratelimit-policy'];
const OF_STATUS: ReadonlyMap<number, readonly HeaderName[]> = new Map([
  [API_STATUS.UNAUTHENTICATED, ['www-authenticate']],
  [API_STATUS.METHOD_NOT_ALLOWED, ['allow']],
  [API_STATUS.RESOURCE_EXHAUSTED, ['retry-after']],
  [API_STATUS.UNAVAILABLE, ['retry-after']],
]);

/** The headers of a call's success. */
export function successHeaders(route: Route): Readonly<Record<string, Header | Reference>> {
  const { access, method, description } = route;
  const fixed = [...route.headers].filter(([name]) => name !== 'content-type');
  const own = fixed.map(([name, value]) => [name, { description: 'Fixed.', required: true, schema: { const: value } }]);
  return {
    ...refer(description.revisions === undefined ? ['x-request-id'] : ['x-request-id', 'etag']),
    ...refer(access.kind === 'key' ? RATES : []),
    ...refer(access.kind === 'key' && method === 'post' ? ['idempotency-replayed'] : []),
    ...Object.fromEntries(own),
  };
}

/** The headers of an error's status, given the reasons that a call has for it. @param rated whether requests are counted by their key */
export function failureHeaders(
  status: number,
  reasons: readonly Reason[],
  rated: boolean,
): Readonly<Record<string, Header | Reference>> {
  const underWay = reasons.includes('REQUEST_UNDER_WAY');
  return {
    ...refer(['x-request-id', ...(OF_STATUS.get(status) ?? [])]),
    // Who has no valid key has no count.
    ...refer(rated && status !== API_STATUS.UNAUTHENTICATED ? RATES : []),
    ...(underWay ? { 'retry-after': { ...HEADERS['retry-after'], required: false } } : {}),
  };
}

function refer(names: readonly HeaderName[]): Readonly<Record<string, Reference>> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
