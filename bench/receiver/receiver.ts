import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

import { numberIn, seriesIn } from '../data/event-id.ts';
import { usageOf } from '../measure/process-usage.ts';
import { DeliveryLog } from './delivery-log.ts';
import type { Collected, Mark } from './messages.ts';
import { RequestParser } from './request-parser.ts';
import { type Target, targetOf } from './target.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const ANSWERS = Array.from({ length: 65 }, (_, count) => Buffer.from(ANSWER.repeat(count), 'latin1'));
const ID_HEADER = '\r\nwebhook-id: ';
const BACKLOG = 4_096;

/** Milliseconds since the epoch, with fractions. */
const now = (): number => performance.timeOrigin + performance.now();

/** Endpoints on raw sockets, as cheap as they can be: the receiver must not be what is measured. */
export class Receiver {
  private readonly servers: Server[] = [];
  private readonly targets = new Map<string, Target>();
  private readonly log = new DeliveryLog();
  private readonly onUntil: () => void;
  private answeredCount = 0;
  private series = 0;
  private fromCount = Infinity;
  private untilCount = Infinity;
  private from: Mark | undefined;
  private until: Mark | undefined;
  private pids: readonly number[] = [];
  private open = 0;
  private mostOpen = 0;
  private odd = 0;

  /** @param onUntil called when the count of {@link begin} is reached. */
  constructor(onUntil: () => void) {
    this.onUntil = onUntil;
  }

  get answered(): number {
    return this.answeredCount;
  }

  /** Listens on one more port of 127.0.0.1. */
  async listen(): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.serve(socket));
    this.servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, resolve);
    });
    const address: AddressInfo | string | null = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Requests of other series are answered, but not counted. */
  begin(series: number, from: number, until: number): void {
    this.log.clear();
    this.series = series;
    this.answeredCount = 0;
    this.fromCount = from;
    this.untilCount = until;
    this.from = undefined;
    this.until = undefined;
    this.mostOpen = this.open;
    this.odd = 0;
  }

  watch(pids: readonly number[]): void {
    this.pids = pids;
  }

  /** Ends the window, where the count has not done so. */
  end(): void {
    this.until ??= this.mark(now());
  }

  collect(): Collected {
    return {
      deliveries: this.log.columns(),
      from: this.from,
      until: this.until ?? this.mark(now()),
      reached: this.answeredCount >= this.untilCount,
      connections: this.mostOpen,
      odd: this.odd,
    };
  }

  /** Closes every port; connections have to be closed by their clients. */
  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  private serve(socket: Socket): void {
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    let atOnce = 0;
    const parser = new RequestParser((head) => {
      if (this.take(head, socket)) atOnce += 1;
    });
    socket.on('data', (chunk) => {
      atOnce = 0;
      try {
        parser.push(chunk);
      } catch {
        this.odd += 1;
        socket.destroy();
        return;
      }
      if (atOnce > 0) socket.write(ANSWERS[atOnce] ?? Buffer.from(ANSWER.repeat(atOnce), 'latin1'));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.open -= 1));
  }

  /** Whether the request is to be answered at once. */
  private take(head: string, socket: Socket): boolean {
    const pathStart = head.indexOf(' ') + 1;
    const target = this.target(head.slice(pathStart, head.indexOf(' ', pathStart)));
    const id = head.indexOf(ID_HEADER);
    const event = id < 0 ? Number.NaN : numberIn(head, id + ID_HEADER.length);
    if (target === undefined || Number.isNaN(event)) {
      this.odd += 1;
      return true;
    }
    if (seriesIn(head, id + ID_HEADER.length) === this.series) this.takeDown(target, event);
    return this.answersNow(target, socket);
  }

  private takeDown({ endpoint, behaviour }: Target, event: number): void {
    const time = now();
    this.log.add(endpoint, event, time);
    if (behaviour.kind !== 'hang') this.count(time);
  }

  private answersNow({ behaviour }: Target, socket: Socket): boolean {
    if (behaviour.kind === 'wait') {
      setTimeout(() => {
        if (!socket.destroyed) socket.write(ANSWER);
      }, behaviour.ms);
    }
    return behaviour.kind === 'answer';
  }

  private target(path: string): Target | undefined {
    const known = this.targets.get(path);
    if (known !== undefined) return known;
    const target = targetOf(path);
    if (target !== undefined) this.targets.set(path, target);
    return target;
  }

  private count(time: number): void {
    this.answeredCount += 1;
    if (this.answeredCount === this.fromCount) this.from = this.mark(time);
    if (this.answeredCount === this.untilCount) {
      this.until = this.mark(time);
      this.onUntil();
    }
  }

  private mark(at: number): Mark {
    return { at, count: this.answeredCount, usage: this.pids.map(usageOf) };
  }
}
