import type { AttemptOutcome, Clock, Webhook } from '#libs/domain';
import type { Cidr, SecretBox } from '#libs/runtime';
import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';

import { AddressPolicy } from '../network/address-policy.ts';
import { guardedConnector } from '../network/guarded-connector.ts';
import { NameResolver, type Resolve } from '../network/name-resolver.ts';
import { standardSignature, voipbinSignature } from '../sign/signatures.ts';
import { SigningKeys } from '../sign/signing-keys.ts';
import { AttemptHandler, type Exchange } from './attempt-handler.ts';
import { failureOf } from './failure.ts';
import { retryAfterMs } from './retry-after.ts';

/** One request to be made. */
export interface AttemptRequest {
  readonly webhook: Webhook;
  readonly eventId: string;
  /** JSON. */
  readonly body: string;
  /** `<partition>.<offset>` of the event in the log. */
  readonly sequence: string;
  /** Counts from 1. */
  readonly attempt: number;
}

export interface DispatcherOptions {
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  /** From the start of a request to the end of the answer's headers, in milliseconds. */
  readonly timeoutMs: number;
  /** Ranges exempt from the block on addresses that are not globally routable. */
  readonly allowedNetworks: readonly Cidr[];
  readonly allowHttp: boolean;
  /** PEM certificates trusted besides the well-known authorities. */
  readonly extraCa?: string | undefined;
  /** The `user-agent` header; `voipbin-webhook/1` when absent. */
  readonly userAgent?: string;
  /** Finds addresses of host names; the system's resolver when absent. */
  readonly resolve?: Resolve;
}

const USER_AGENT = 'voipbin-webhook/1';
const KEEP_ALIVE_MS = 10_000;
const KEEP_ALIVE_MAX_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_TARGETS = 100_000;
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

type Target = { readonly origin: string; readonly path: string };

/** Makes attempts: one signed HTTPS request each, within one time limit. A failed delivery is an outcome, never an exception. */
export class Dispatcher {
  private readonly options: DispatcherOptions;
  private readonly keys: SigningKeys;
  private readonly agent: Agent;
  private readonly targets = new LRUCache<string, Target>({ max: MAX_TARGETS });

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.keys = new SigningKeys(options.secretBox, options.clock);
    this.agent = new Agent({
      connect: guardedConnector({
        policy: new AddressPolicy(options.allowedNetworks),
        resolver: new NameResolver(options.clock, options.resolve),
        timeoutMs: options.timeoutMs,
        extraCa: options.extraCa,
      }),
      connections: null,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // One limit covers the whole attempt; the client's own limits stay out of its way.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Makes one attempt. Never rejects. */
  attempt(request: AttemptRequest): Promise<AttemptOutcome> {
    const started = performance.now();
    const target = this.targetOf(request.webhook.url);
    if (!target) return Promise.resolve(notSent('invalid_url', 'the URL of the webhook cannot be used'));
    const headers = this.headersFor(request);
    if (!headers) {
      return Promise.resolve(notSent('secret_unavailable', 'no signing secret of the webhook can be decrypted'));
    }
    return new Promise((resolve) => {
      const handler = new AttemptHandler(this.options.timeoutMs, (exchange) =>
        resolve(this.outcomeOf(exchange, request.webhook, performance.now() - started)),
      );
      try {
        this.agent.dispatch(
          { origin: target.origin, path: target.path, method: 'POST', headers, body: request.body },
          handler,
        );
      } catch (error) {
        handler.onResponseError(undefined, error);
      }
    });
  }

  /** Drops every connection. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private outcomeOf(exchange: Exchange, webhook: Webhook, totalMs: number): AttemptOutcome {
    const timing = { totalMs };
    switch (exchange.kind) {
      case 'timed_out':
        return { kind: 'failed', error: 'timeout', message: `no answer within ${this.options.timeoutMs} ms`, timing };
      case 'broken':
        return { kind: 'failed', ...failureOf(exchange.error), timing };
      case 'answered': {
        const { status } = exchange;
        if (status === 200 || (webhook.success === '2xx' && status < 300)) return { kind: 'delivered', status, timing };
        const wait = retryAfterMs(exchange.headers['retry-after'], this.options.clock.now());
        return {
          kind: 'failed',
          error: status >= 300 && status < 400 ? 'redirect' : 'http_status',
          message: `the endpoint answered ${status}`,
          status,
          ...(wait === undefined ? {} : { retryAfterMs: wait }),
          timing,
        };
      }
    }
  }

  private headersFor({ webhook, eventId, body, sequence, attempt }: AttemptRequest): string[] | undefined {
    const keys = this.keys.of(webhook);
    const [current] = keys;
    if (!current) return undefined;
    const id = idHeader(eventId);
    const timestamp = String(Math.floor(this.options.clock.now() / 1_000));
    const headers = [
      'content-type',
      'application/json',
      'user-agent',
      this.options.userAgent ?? USER_AGENT,
      'webhook-id',
      id,
      'webhook-timestamp',
      timestamp,
      'webhook-signature',
      standardSignature(keys, id, timestamp, body),
      'webhook-attempt',
      String(attempt),
      'webhook-sequence',
      sequence,
    ];
    if (webhook.signatures.includes('voipbin')) headers.push('x-voipbin-signature', voipbinSignature(current, body));
    return headers;
  }

  private targetOf(url: string): Target | undefined {
    const known = this.targets.get(url);
    if (known) return known;
    const parsed = URL.parse(url);
    if (!parsed) return undefined;
    if (parsed.protocol !== 'https:' && !(this.options.allowHttp && parsed.protocol === 'http:')) return undefined;
    const target = { origin: parsed.origin, path: parsed.pathname + parsed.search };
    this.targets.set(url, target);
    return target;
  }
}

/** An event id as a header value, which cannot hold everything a producer may write: what is not visible ASCII is percent-encoded. */
function idHeader(eventId: string): string {
  return VISIBLE_ASCII.test(eventId) ? eventId : encodeURIComponent(eventId.toWellFormed());
}

function notSent(error: 'invalid_url' | 'secret_unavailable', message: string): AttemptOutcome {
  return { kind: 'failed', error, message, timing: { totalMs: 0 } };
}
