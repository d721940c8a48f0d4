import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import type { ServerCertificate } from '../certificates/authority.ts';
import { answer, type Behaviour } from './behaviour.ts';
import { perform } from './perform.ts';

/** A request as it came in. Times are milliseconds since the epoch. */
export interface ReceivedRequest {
  /** Without the query. */
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** When its headers were complete. */
  readonly receivedAt: number;
  /** When the answer was sent or the connection ended; absent until then. */
  finishedAt?: number;
}

export interface ReceiverOptions {
  /** HTTPS with this certificate; plain HTTP when absent. */
  readonly certificate?: ServerCertificate;
  /** The address to listen on; 127.0.0.1 when absent. */
  readonly host?: string;
  /** The port to listen on; a free one when absent. */
  readonly port?: number;
  /** What paths do that have no behaviour of their own; 200 when absent. */
  readonly otherwise?: Behaviour;
  /** How long idle connections are kept, in milliseconds; a minute when absent. */
  readonly keepAliveMs?: number;
}

interface Waiter {
  readonly path: string;
  readonly count: number;
  readonly resolve: (requests: readonly ReceivedRequest[]) => void;
}

const KEEP_ALIVE_MS = 60_000;

/** Starts a real endpoint on a loopback address. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = new Receiver(options);
  await receiver.listen();
  return receiver;
}

/** An endpoint whose paths behave, or misbehave, as they are told, and that remembers every request. */
export class Receiver {
  private readonly server: ReturnType<typeof createServer>;
  private readonly options: ReceiverOptions;
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly failuresLeft = new Map<Behaviour, number>();
  private readonly requests = new Map<string, ReceivedRequest[]>();
  private readonly connections = new Map<string, Socket>();
  private readonly waiters = new Set<Waiter>();
  private readonly closed = new AbortController();
  private accepted = 0;

  constructor(options: ReceiverOptions) {
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      this.take(request, response).catch(() => response.socket?.destroy());
    };
    const limits = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: options.keepAliveMs ?? KEEP_ALIVE_MS };
    this.options = options;
    this.server = options.certificate
      ? createTlsServer({ ...limits, ...options.certificate }, onRequest)
      : createServer(limits, onRequest);
    this.server.on('connection', (socket: Socket) => this.keepTrack(socket));
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** The address of the receiver's root, without a slash at the end. The host is `localhost` when it serves HTTPS. */
  get origin(): string {
    return this.options.certificate ? `https://localhost:${this.port}` : `http://${this.host}:${this.port}`;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the receiver does not listen');
    return (address satisfies AddressInfo).port;
  }

  /** How many TCP connections were accepted so far. */
  get connectionsAccepted(): number {
    return this.accepted;
  }

  /** How many TCP connections are open. */
  get connectionsOpen(): number {
    return this.connections.size;
  }

  private get host(): string {
    const host = this.options.host ?? '127.0.0.1';
    return host.includes(':') ? `[${host}]` : host;
  }

  async listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.server.once('error', reject);
    this.server.listen({ host: this.options.host ?? '127.0.0.1', port: this.options.port ?? 0 }, resolve);
    await promise;
  }

  /** The URL of one of its paths. */
  url(path: string): string {
    return this.origin + path;
  }

  /** Tells a path what to do from the next request on. */
  on(path: string, behaviour: Behaviour): void {
    this.behaviours.set(path, behaviour);
    if (behaviour.kind === 'fail_first') this.failuresLeft.set(behaviour, behaviour.times);
  }

  /** The requests a path got, oldest first. */
  received(path: string): readonly ReceivedRequest[] {
    return this.requests.get(path) ?? [];
  }

  /** Every request of every path, path by path. */
  all(): readonly ReceivedRequest[] {
    return [...this.requests.values()].flat();
  }

  /** Resolves as soon as a path has got this many requests. @throws Error when it has not within the time. */
  async waitFor(path: string, count: number, timeoutMs = 10_000): Promise<readonly ReceivedRequest[]> {
    if (this.received(path).length >= count) return this.received(path);
    const { promise, resolve, reject } = Promise.withResolvers<readonly ReceivedRequest[]>();
    const waiter: Waiter = { path, count, resolve };
    this.waiters.add(waiter);
    const timer = setTimeout(() => {
      const got = this.received(path).length;
      reject(new Error(`${path} got ${got} of ${count} requests within ${timeoutMs} ms`));
    }, timeoutMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.waiters.delete(waiter);
    }
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    this.closed.abort();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.server.close(() => resolve());
    for (const socket of this.connections.values()) socket.destroy();
    await promise;
  }

  private keepTrack(socket: Socket): void {
    const name = nameOf(socket);
    this.accepted += 1;
    this.connections.set(name, socket);
    socket.once('close', () => this.connections.delete(name));
    socket.on('error', () => socket.destroy());
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = Date.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url?.replace(/\?.*$/, '') ?? '';
    const received: ReceivedRequest = {
      path,
      method: request.method ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      receivedAt,
    };
    const gone = new AbortController();
    response.once('close', () => {
      received.finishedAt = Date.now();
      gone.abort();
    });
    this.remember(received);
    const connection = this.connections.get(nameOf(request.socket));
    if (!connection) return;
    await perform(this.behaviours.get(path) ?? this.options.otherwise ?? answer(200), {
      response,
      connection,
      over: AbortSignal.any([gone.signal, this.closed.signal]),
      fails: (behaviour) => {
        const left = this.failuresLeft.get(behaviour) ?? behaviour.times;
        this.failuresLeft.set(behaviour, left - 1);
        return left > 0;
      },
    });
  }

  private remember(request: ReceivedRequest): void {
    const requests = this.requests.get(request.path) ?? [];
    requests.push(request);
    this.requests.set(request.path, requests);
    for (const waiter of this.waiters) {
      if (waiter.path === request.path && requests.length >= waiter.count) waiter.resolve(requests);
    }
  }
}

function nameOf(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}
