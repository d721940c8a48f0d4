import { randomUUID } from 'node:crypto';

import got, { type Got, RequestError, type Response } from 'got';

import type { AnswerOf, CallId, EntryOf, InputOf, ListId } from './calls.ts';
import { ApiUnreachable } from './failures.ts';
import { CALLS } from './generated/calls.ts';
import { refusalOf } from './refusal-of.ts';

export interface AdminApiOptions {
  /** Of the config app, for example `https://webhooks.example.com`. */
  readonly address: string;
  /** An access key, or the operator key. */
  readonly key: string;
  /** How often a call that came to nothing is made again; default 2. With 0 no `Idempotency-Key` is sent: nothing is repeated. */
  readonly retries?: number;
  /** For one request, in milliseconds; default 30 s. */
  readonly timeoutMs?: number;
}

/** An answer, with what its headers say. */
export interface Answer<B> {
  readonly body: B;
  /** For `If-Match`; undefined where the resource has no revisions. */
  readonly etag: string | undefined;
  readonly requestId: string | undefined;
  /** Whether the request was carried out before, under the same `Idempotency-Key`. */
  readonly repeated: boolean;
}

/** The parts of an input, whatever the call. */
interface AnyInput {
  readonly path?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: unknown;
}

const TIMEOUT_MS = 30_000;
const RETRIES = 2;
/** Those that a pause can mend. */
const PASSING = [429, 502, 503, 504];
const MAX_WAIT_MS = 60_000;

/**
 * A client of the admin REST. Every call that the API describes can be made by its id, with what it takes and what it answers typed.
 *
 * A GET or a POST that got no answer, or one that a pause can mend, is made again. Every POST carries an `Idempotency-Key`, so that it is
 * carried out once nevertheless.
 */
export class AdminApi {
  private readonly http: Got;
  private readonly repeats: boolean;

  constructor({ address, key, retries = RETRIES, timeoutMs = TIMEOUT_MS }: AdminApiOptions) {
    this.repeats = retries > 0;
    this.http = got.extend({
      prefixUrl: address,
      headers: { authorization: `Bearer ${key}` },
      timeout: { request: timeoutMs },
      throwHttpErrors: false,
      followRedirect: false,
      retry: {
        limit: retries,
        methods: ['GET', 'POST'],
        statusCodes: PASSING,
        maxRetryAfter: MAX_WAIT_MS,
      },
    });
  }

  /**
   * Makes a call.
   *
   * @returns the body of the answer; null where there is none
   * @throws ApiRefusal when the API does not do it
   * @throws ApiUnreachable when no answer comes
   */
  async call<C extends CallId>(id: C, input: InputOf<C>): Promise<AnswerOf<C>> {
    return (await this.answer(id, input)).body;
  }

  /** The same, with what the headers of the answer say. */
  async answer<C extends CallId>(id: C, input: InputOf<C>): Promise<Answer<AnswerOf<C>>> {
    const response = await this.request(id, input);
    // Here what the API says of itself is relied on; the tests hold every answer against it.
    const body: AnswerOf<C> = JSON.parse(jsonOf(response));
    return {
      body,
      etag: response.headers['etag'],
      requestId: response.headers['x-request-id']?.toString(),
      repeated: response.headers['idempotency-replayed'] === 'true',
    };
  }

  /** Every entry of a list, page by page as they are asked for. @throws as {@link call} does */
  async *entries<C extends ListId>(id: C, input: InputOf<C>): AsyncGenerator<EntryOf<C>> {
    for await (const page of this.pages(id, input)) yield* page;
  }

  /** The same by pages. */
  async *pages<C extends ListId>(id: C, input: InputOf<C>): AsyncGenerator<ReadonlyArray<EntryOf<C>>> {
    const given: AnyInput = input;
    let token = String(given.query?.['page_token'] ?? '');
    do {
      const response = await this.request(id, { ...given, query: { ...given.query, page_token: token } });
      const page: { result: ReadonlyArray<EntryOf<C>>; next_page_token: string } = JSON.parse(jsonOf(response));
      yield page.result;
      token = page.next_page_token;
    } while (token !== '');
  }

  /** @throws ApiRefusal, ApiUnreachable */
  private async request(
    id: CallId,
    { path = {}, query = {}, headers = {}, body }: AnyInput,
  ): Promise<Response<string>> {
    const { method, path: template } = CALLS[id];
    const where = template.slice(1).replaceAll(/\{(\w+)\}/g, (_, name: string) => part(id, name, path[name]));
    const sent = this.http(where, {
      method,
      searchParams: query,
      headers: {
        ...(method === 'post' && this.repeats ? { 'idempotency-key': randomUUID() } : {}),
        ...lowerCased(headers),
      },
      ...(body === undefined ? {} : { json: body }),
    });
    const response = await sent.catch((error: unknown) => {
      if (!(error instanceof RequestError)) throw error;
      throw new ApiUnreachable(`No answer to ${id}: ${error.message}`, { cause: error });
    });
    if (!response.ok) throw refusalOf(response);
    return response;
  }
}

function part(id: CallId, name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new TypeError(`${id} needs path.${name}`);
  return encodeURIComponent(value);
}

function lowerCased(headers: NonNullable<AnyInput['headers']>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The body as JSON: null where there is none, text where it is something else. */
function jsonOf({ body, headers }: Response<string>): string {
  if (body === '') return 'null';
  return headers['content-type']?.startsWith('application/json') === true ? body : JSON.stringify(body);
}
