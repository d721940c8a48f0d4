import { performance } from 'node:perf_hooks';

import type { AttemptOutcome, Clock, Webhook } from '#libs/domain';
import type { Cidr, SecretBox } from '#libs/runtime';

import { ConnectionPool } from '../connections/connection-pool.ts';
import { type Origin, originOf } from '../connections/opening.ts';
import { headerLine, InvalidHeaderError, requestBytes, requestOpening } from '../http/request-bytes.ts';
import { AddressPolicy } from '../network/address-policy.ts';
import { guardedConnector } from '../network/guarded-connector.ts';
import { HostAddresses } from '../network/host-addresses.ts';
import { NameResolver, type Resolve } from '../network/name-resolver.ts';
import { PortPolicy } from '../network/port-policy.ts';
import { OwnHeaders } from '../http/own-headers.ts';
import { standardSignature, voipbinSignature } from '../sign/signatures.ts';
import type { SigningKey } from '../sign/signing-key.ts';
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
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

/** Where requests of a webhook go, and what each of them begins with. */
interface Target {
  readonly origin: Origin;
  readonly opening: string;
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
  private readonly targets = new WeakMap<Webhook, Target>();

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
    const ready = this.ready(request);
    if ('kind' in ready) report(ready, observer);
    else this.departures.add({ ...ready, success: request.webhook.success, observer });
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

  /** The request as it goes over the wire, or why it cannot be sent. */
  private ready(request: AttemptRequest): Pick<Departure, 'origin' | 'request'> | AttemptOutcome {
    try {
      const { webhook, body } = request;
      const keys = this.keys.of(webhook);
      if (keys.length === 0) return notSent('secret_unavailable', 'no signing secret of the webhook can be decrypted');
      const target = this.targets.get(webhook) ?? this.targetOf(webhook);
      if (!target) return notSent('invalid_url', 'the URL of the webhook cannot be used');
      if (webhook.filter?.kind === 'unreadable') {
        return notSent('setting_unreadable', 'this version cannot read the filter of the webhook');
      }
      const own = webhook.headers ? this.ownHeaders.lines(webhook.headers) : '';
      if (own === undefined) {
        return notSent('secret_unavailable', 'a request header of the webhook cannot be decrypted');
      }
      const headers = this.signedLines(request, keys) + optionalLines(request, keys) + own;
      return { origin: target.origin, request: requestBytes(target.opening, headers, body) };
    } catch (error) {
      if (error instanceof InvalidHeaderError) return broken(error, { totalMs: 0 });
      throw error;
    }
  }

  private signedLines({ eventId, body, attempt, sequence }: AttemptRequest, keys: readonly SigningKey[]): string {
    const id = idHeader(eventId);
    const timestamp = String(Math.floor(this.options.clock.now() / 1_000));
    const signature = standardSignature(keys, id, timestamp, body);
    return `webhook-id: ${id}\r\nwebhook-timestamp: ${timestamp}\r\nwebhook-signature: ${signature}\r\nwebhook-attempt: ${attempt}\r\nwebhook-sequence: ${sequence}\r\n`;
  }

  private targetOf(webhook: Webhook): Target | undefined {
    const url = URL.parse(webhook.url);
    if (!url) return undefined;
    if (url.protocol !== 'https:' && !(this.options.allowHttp && url.protocol === 'http:')) return undefined;
    const { method = 'POST' } = webhook;
    const opening =
      requestOpening({ method, path: url.pathname + url.search, host: url.host }) +
      headerLine('content-type', 'application/json') +
      headerLine('user-agent', this.options.userAgent ?? USER_AGENT);
    const target = { origin: originOf(url), opening };
    this.targets.set(webhook, target);
    return target;
  }
}

/** Of what not every request has. */
function optionalLines(
  { webhook, body, isTest, traceparent, replayId }: AttemptRequest,
  [current]: readonly SigningKey[],
): string {
  let lines = isTest === true ? headerLine('webhook-test', 'true') : '';
  if (traceparent !== undefined) lines += headerLine('traceparent', traceparent);
  if (replayId !== undefined) lines += headerLine('webhook-replay', replayId);
  if (current && webhook.signatures.includes('voipbin')) {
    lines += headerLine('x-voipbin-signature', voipbinSignature(current, body));
  }
  return lines;
}

/** An event id as a header value, which cannot hold everything a producer may write: what is not visible ASCII is percent-encoded. */
function idHeader(eventId: string): string {
  return VISIBLE_ASCII.test(eventId) ? eventId : encodeURIComponent(eventId.toWellFormed());
}

/** What became of an attempt that made no request. */
function report(outcome: AttemptOutcome, observer: AttemptObserver): void {
  queueMicrotask(() => {
    observer.onOutcome(outcome);
    observer.onEnd(undefined);
  });
}
