import type { AttemptOutcome, Clock, Webhook } from '#libs/domain';
import type { Cidr, SecretBox } from '#libs/runtime';
import { LRUCache } from 'lru-cache';

import { ConnectionPool } from '../connections/connection-pool.ts';
import { type Origin, originOf } from '../connections/opening.ts';
import { InvalidHeaderError, type OutgoingRequest, requestBytes } from '../http/request-bytes.ts';
import { AddressPolicy } from '../network/address-policy.ts';
import { guardedConnector } from '../network/guarded-connector.ts';
import { HostAddresses } from '../network/host-addresses.ts';
import { NameResolver, type Resolve } from '../network/name-resolver.ts';
import { PortPolicy } from '../network/port-policy.ts';
import { OwnHeaders } from '../http/own-headers.ts';
import { standardSignature, voipbinSignature } from '../sign/signatures.ts';
import { SigningKeys } from '../sign/signing-keys.ts';
import { AttemptHandler, type AttemptObserver, type AttemptSettings } from './attempt-handler.ts';
import { Departures } from './departures.ts';
import { broken, notSent } from './outcomes.ts';
import { TimeLimits } from './time-limits.ts';

/** One request to be made. */
export interface AttemptRequest {
  readonly webhook: Webhook;
  readonly eventId: string;
  /** JSON in UTF-8. Must not change while the attempt runs. */
  readonly body: Buffer;
  /** `<partition>.<offset>` of the event in the log. */
  readonly sequence: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** The replay that asked for it, for the `webhook-replay` header. */
  readonly replayId?: string | undefined;
  /** Where it is traced: what the receiver follows (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  /** Marks it as a test in the `webhook-test` header. */
  readonly isTest?: boolean | undefined;
}

export interface DispatcherOptions {
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  /** From the start of a request to the end of the answer's headers, in milliseconds. */
  readonly timeoutMs: number;
  /** Ranges exempt from the block on addresses that are not globally routable. */
  readonly allowedNetworks: readonly Cidr[];
  /** Ports below 1024 exempt from the block on those that are not of https (or http where that is allowed); none when absent. */
  readonly allowedPorts?: readonly number[];
  readonly allowHttp: boolean;
  /** PEM certificates trusted besides the well-known authorities. */
  readonly extraCa?: string | undefined;
  /** The `user-agent` header; `voipbin-webhook/1` when absent. */
  readonly userAgent?: string;
  /** Finds addresses of host names; the system's resolver when absent. */
  readonly resolve?: Resolve;
}

/** What an attempt came to, and at most the first 1,024 bytes of the answer's body; undefined when none came. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  readonly excerpt: Buffer | undefined;
}

const USER_AGENT = 'voipbin-webhook/1';
const MAX_TARGETS = 100_000;
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

interface Target {
  readonly origin: Origin;
  readonly host: string;
  readonly path: string;
}

/** A request that is signed and can be sent. */
interface Departure {
  readonly origin: Origin;
  readonly request: Buffer;
  readonly success: Webhook['success'];
  readonly observer: AttemptObserver;
}

/** Makes attempts: one signed HTTPS request each, within one time limit. A failed delivery is an outcome, never an exception. */
export class Dispatcher {
  private readonly options: DispatcherOptions;
  private readonly keys: SigningKeys;
  private readonly ownHeaders: OwnHeaders;
  private readonly connections: ConnectionPool;
  private readonly settings: AttemptSettings;
  private readonly departures = new Departures<Departure>((departure) => this.depart(departure));
  private readonly targets = new LRUCache<string, Target>({ max: MAX_TARGETS });

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.keys = new SigningKeys(options.secretBox, options.clock);
    this.ownHeaders = new OwnHeaders(options.secretBox);
    this.connections = new ConnectionPool(
      guardedConnector({
        policy: new AddressPolicy(options.allowedNetworks, new HostAddresses(options.clock)),
        ports: new PortPolicy(options.allowedPorts ?? [], options.allowHttp),
        resolver: new NameResolver(options.clock, options.resolve),
        timeoutMs: options.timeoutMs,
        extraCa: options.extraCa,
      }),
    );
    this.settings = {
      clock: options.clock,
      timeoutMs: options.timeoutMs,
      limits: new TimeLimits(options.timeoutMs),
    };
  }

  /** Makes one attempt. Never throws, and calls back only after it has returned. */
  attempt(request: AttemptRequest, observer: AttemptObserver): void {
    const { webhook } = request;
    const target = this.targetOf(webhook.url);
    if (!target) {
      report(notSent('invalid_url', 'the URL of the webhook cannot be used'), observer);
      return;
    }
    if (webhook.filter?.kind === 'unreadable') {
      report(notSent('setting_unreadable', 'this version cannot read the filter of the webhook'), observer);
      return;
    }
    const headers = this.headersFor(request);
    if (!headers) {
      report(notSent('secret_unavailable', 'no signing secret of the webhook can be decrypted'), observer);
      return;
    }
    if (webhook.headers && !this.ownHeaders.addTo(headers, webhook.headers)) {
      report(notSent('secret_unavailable', 'a request header of the webhook cannot be decrypted'), observer);
      return;
    }
    const { host, path, origin } = target;
    const bytes = written({ method: webhook.method ?? 'POST', path, host, headers, body: request.body });
    if (Buffer.isBuffer(bytes)) this.departures.add({ origin, request: bytes, success: webhook.success, observer });
    else report(broken(bytes, { totalMs: 0 }), observer);
  }

  /** Makes one attempt and waits until the exchange is over. Never rejects. */
  attemptOnce(request: AttemptRequest): Promise<AttemptResult> {
    return new Promise((resolve) => {
      let decided: AttemptOutcome;
      this.attempt(request, {
        onOutcome: (outcome) => {
          decided = outcome;
        },
        onEnd: (excerpt) => resolve({ outcome: decided, excerpt }),
      });
    });
  }

  /** Drops every connection. Attempts that are under way fail. */
  async close(): Promise<void> {
    await this.connections.close();
  }

  private depart({ origin, request, success, observer }: Departure): void {
    const connection = this.connections.take(origin);
    const given = { settings: this.settings, startedAt: performance.now(), success };
    new AttemptHandler(given, connection, observer).dispatch(request);
  }

  private headersFor({
    webhook,
    eventId,
    body,
    sequence,
    attempt,
    replayId,
    traceparent,
    isTest,
  }: AttemptRequest): string[] | undefined {
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
    if (isTest === true) headers.push('webhook-test', 'true');
    if (traceparent !== undefined) headers.push('traceparent', traceparent);
    if (replayId !== undefined) headers.push('webhook-replay', replayId);
    if (webhook.signatures.includes('voipbin')) headers.push('x-voipbin-signature', voipbinSignature(current, body));
    return headers;
  }

  private targetOf(url: string): Target | undefined {
    const known = this.targets.get(url);
    if (known) return known;
    const parsed = URL.parse(url);
    if (!parsed) return undefined;
    if (parsed.protocol !== 'https:' && !(this.options.allowHttp && parsed.protocol === 'http:')) return undefined;
    const target = { origin: originOf(parsed), host: parsed.host, path: parsed.pathname + parsed.search };
    this.targets.set(url, target);
    return target;
  }
}

/** An event id as a header value, which cannot hold everything a producer may write: what is not visible ASCII is percent-encoded. */
function idHeader(eventId: string): string {
  return VISIBLE_ASCII.test(eventId) ? eventId : encodeURIComponent(eventId.toWellFormed());
}

function written(request: OutgoingRequest): Buffer | InvalidHeaderError {
  try {
    return requestBytes(request);
  } catch (error) {
    if (error instanceof InvalidHeaderError) return error;
    throw error;
  }
}

/** What became of an attempt that made no request. */
function report(outcome: AttemptOutcome, observer: AttemptObserver): void {
  queueMicrotask(() => {
    observer.onOutcome(outcome);
    observer.onEnd(undefined);
  });
}
