import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

import { numberIn } from '../../../../bench/data/event-id.ts';
import { DeliveryLog } from '../../../../bench/receiver/delivery-log.ts';
import { RequestParser } from '../../../../bench/receiver/request-parser.ts';
import { targetOf } from '../../../../bench/receiver/target.ts';
import type { Behaviour, Receipts } from './messages.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const ID_HEADER = '\r\nwebhook-id: ';
const FIRST_ATTEMPT = '\r\nwebhook-attempt: 1\r\n';
const ANSWER: Behaviour = { kind: 'answer' };

/** Milliseconds since the epoch, with fractions; the faults that are tested do not reach this process's clock. */
const now = (): number => performance.timeOrigin + performance.now();

/** Endpoints that behave as they are told and take down every request. */
export class EndpointServer {
  private readonly server: Server;
  private readonly behaviours = new Map<number, { readonly behaviour: Behaviour; readonly since: number }>();
  private readonly first = new DeliveryLog();
  private readonly answeredLog = new DeliveryLog();
  private answeredCount = 0;

  constructor() {
    this.server = createServer({ noDelay: true }, (socket) => this.serve(socket));
  }

  get answered(): number {
    return this.answeredCount;
  }

  /** Listens on a free port of 127.0.0.1. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve));
    const address: AddressInfo | string | null = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  behave(endpoints: readonly number[], behaviour: Behaviour): void {
    for (const endpoint of endpoints) this.behaviours.set(endpoint, { behaviour, since: now() });
  }

  receipts(): Receipts {
    return { first: this.first.columns(), answered: this.answeredLog.columns() };
  }

  private serve(socket: Socket): void {
    const parser = new RequestParser((head) => this.take(head, socket));
    socket.on('data', (chunk) => parser.push(chunk));
    socket.on('error', () => socket.destroy());
  }

  private take(head: string, socket: Socket): void {
    const pathStart = head.indexOf(' ') + 1;
    const endpoint = targetOf(head.slice(pathStart, head.indexOf(' ', pathStart)))?.endpoint ?? -1;
    const event = numberIn(head, head.indexOf(ID_HEADER) + ID_HEADER.length);
    if (head.includes(FIRST_ATTEMPT)) this.first.add(endpoint, event, now());
    const answer = (): void => {
      if (socket.destroyed) return;
      this.answeredLog.add(endpoint, event, now());
      this.answeredCount += 1;
      socket.write(OK);
    };
    const { behaviour, since } = this.behaviours.get(endpoint) ?? { behaviour: ANSWER, since: 0 };
    perform(behaviour, { socket, answer, sinceMs: now() - since });
  }
}

function perform(
  behaviour: Behaviour,
  { socket, answer, sinceMs }: { socket: Socket; answer: () => void; sinceMs: number },
): void {
  switch (behaviour.kind) {
    case 'answer':
      answer();
      return;
    case 'refuse': {
      const refusal = `HTTP/1.1 ${behaviour.status} No\r\ncontent-length: 0\r\n\r\n`;
      if (behaviour.afterMs === undefined) socket.write(refusal);
      else setTimeout(() => socket.write(refusal), behaviour.afterMs);
      return;
    }
    case 'hang':
      return;
    case 'delay':
      setTimeout(answer, behaviour.ms);
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'drip': {
      socket.write('HTTP/1.1 200 OK\r\nx-drip: ');
      const timer = setInterval(() => socket.write('d'), behaviour.everyMs);
      socket.once('close', () => clearInterval(timer));
      return;
    }
    case 'lie':
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\ntransfer-encoding: chunked\r\n\r\nno');
      return;
    case 'flap': {
      const { upMs, downMs } = behaviour;
      const up = sinceMs % (upMs + downMs) >= downMs;
      perform(up ? ANSWER : { kind: 'refuse', status: 503 }, { socket, answer, sinceMs });
    }
  }
}
