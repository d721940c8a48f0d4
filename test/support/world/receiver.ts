import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { listen } from '../listen.ts';

/** One request that a receiver got. */
export interface ReceivedRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What an endpoint does with a request, given how many it had before for the same event. */
export type Behaviour =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: 'fail_first'; readonly failures: number; readonly status: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'raw'; readonly bytes: string; readonly end: boolean }
  | { readonly kind: 'drip'; readonly everyMs: number }
  | { readonly kind: 'endless_body' }
  | { readonly kind: 'close' };

const OK: Behaviour = { kind: 'status', status: 200 };

/** A real server on the loopback interface whose endpoints behave as they are told; an untold one answers 200. */
export class Receiver {
  readonly requests: ReceivedRequest[] = [];
  origin = '';
  private readonly server: Server;
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly seen = new Map<string, number>();
  private readonly sockets = new Set<Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private waiters: Array<() => void> = [];

  private constructor(tls: { cert: string; key: string } | undefined) {
    const listener: RequestListener = (request, response) => {
      void text(request)
        .then((body) => {
          const path = request.url ?? '';
          this.requests.push({ path, method: request.method ?? '', headers: request.headers, body, at: Date.now() });
          const key = `${path} ${String(request.headers['webhook-id'])}`;
          const before = this.seen.get(key) ?? 0;
          this.seen.set(key, before + 1);
          this.behave(this.behaviours.get(path) ?? OK, before, response.socket ?? undefined, (status, headers) =>
            response.writeHead(status, headers).end(),
          );
          const waiters = this.waiters;
          this.waiters = [];
          for (const wake of waiters) wake();
        })
        .catch(() => undefined);
    };
    this.server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
    this.server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    });
  }

  static async open(tls?: { cert: string; key: string }): Promise<Receiver> {
    const receiver = new Receiver(tls);
    receiver.origin = `${tls ? 'https' : 'http'}://localhost:${await listen(receiver.server)}`;
    return receiver;
  }

  /** Sets what the endpoint at a path does from now on. */
  on(path: string, behaviour: Behaviour): void {
    this.behaviours.set(path, behaviour);
  }

  received(path: string): ReceivedRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** Resolves with the requests at a path once there are `count`. @throws Error after `limitMs`, saying how many there were. */
  async waitFor(path: string, count: number, limitMs = 60_000): Promise<ReceivedRequest[]> {
    const deadline = Date.now() + limitMs;
    while (this.received(path).length < count) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${path} got ${this.received(path).length} of ${count} requests in ${limitMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return this.received(path);
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private behave(
    behaviour: Behaviour,
    before: number,
    socket: Socket | undefined,
    answer: (status: number, headers?: Record<string, string>) => void,
  ): void {
    switch (behaviour.kind) {
      case 'status':
        return answer(behaviour.status, behaviour.headers);
      case 'fail_first':
        return answer(before < behaviour.failures ? behaviour.status : 200);
      case 'hang':
        return;
      case 'delay':
        this.timers.add(setTimeout(() => answer(200), behaviour.ms));
        return;
      case 'raw':
        if (behaviour.end) socket?.end(behaviour.bytes);
        else socket?.write(behaviour.bytes);
        return;
      case 'drip':
        return this.every(behaviour.everyMs, 'HTTP/1.1 200 OK\r\nx-slow: '.padEnd(4_096, 'a'), socket);
      case 'endless_body':
        socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n');
        this.timers.add(setInterval(() => socket?.write('x'.repeat(65_536)), 1));
        return;
      case 'close':
        socket?.destroy();
        return;
    }
  }

  private every(ms: number, bytes: string, socket: Socket | undefined): void {
    let sent = 0;
    this.timers.add(
      setInterval(() => {
        socket?.write(bytes[sent] ?? 'a');
        sent += 1;
      }, ms),
    );
  }
}
