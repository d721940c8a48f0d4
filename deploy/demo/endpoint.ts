import { createServer, type Server } from 'node:https';
import { text } from 'node:stream/consumers';

import { Webhook as Verifier } from 'standardwebhooks';

import { type Behaviour, CAST, type Part } from './cast.ts';

/** One request that an endpoint of the demo got, and what it answered. */
export interface Delivery {
  readonly part: Part;
  readonly eventId: string;
  readonly eventType: string;
  readonly attempt: number;
  readonly status: number;
  readonly signature: 'verified' | 'wrong';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const NOT_FOUND = 404;
const OK = 200;
const UNAVAILABLE = 503;
const GONE_WRONG = 500;

/** The HTTPS server behind every webhook of the demo. It verifies signatures with the public `standardwebhooks` library. */
export class Endpoint {
  private readonly server: Server;
  private readonly secrets = new Map<string, string>();
  private readonly onDelivery: (delivery: Delivery) => void;
  private readonly seen = new Map<string, number>();

  constructor(tls: { cert: string; key: string }, onDelivery: (delivery: Delivery) => void) {
    this.onDelivery = onDelivery;
    this.server = createServer(tls, (request, response) => {
      void text(request).then((body) => {
        const status = this.receive(request.url ?? '', body, request.headers);
        response.writeHead(status, { 'content-type': 'text/plain' }).end();
      });
    });
  }

  /** Listens on a free port of the loopback interface; the origin of its URLs. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the demo endpoint has no port');
    return `https://localhost:${address.port}`;
  }

  /** Tells which secret the requests to a path are signed with. */
  expectSecret(path: string, secret: string): void {
    this.secrets.set(path, secret);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private receive(path: string, body: string, headers: NodeJS.Dict<string | string[]>): number {
    const part = CAST.find((candidate) => candidate.path === path);
    if (!part) return NOT_FOUND;
    const eventId = String(headers['webhook-id']);
    const status = this.statusFor(part.behaviour, `${path} ${eventId}`);
    this.onDelivery({
      part,
      eventId,
      eventType: typeOf(body),
      attempt: Number(headers['webhook-attempt']),
      status,
      signature: this.verify(path, body, headers),
      at: Date.now(),
    });
    return status;
  }

  private statusFor(behaviour: Behaviour, key: string): number {
    const before = this.seen.get(key) ?? 0;
    this.seen.set(key, before + 1);
    switch (behaviour.kind) {
      case 'answers':
        return OK;
      case 'recovers':
        return before < behaviour.failures ? UNAVAILABLE : OK;
      case 'dead':
        return GONE_WRONG;
    }
  }

  private verify(path: string, body: string, headers: NodeJS.Dict<string | string[]>): Delivery['signature'] {
    const secret = this.secrets.get(path);
    if (secret === undefined) return 'wrong';
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    try {
      new Verifier(secret).verify(body, plain);
      return 'verified';
    } catch {
      return 'wrong';
    }
  }
}

function typeOf(body: string): string {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? String(parsed.type) : '?';
}
