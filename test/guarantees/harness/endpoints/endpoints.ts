import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Behaviour, FromEndpoints, Receipts, ToEndpoints } from './messages.ts';

/** The endpoints' process, as a test sees it. */
export class Endpoints {
  origin = '';
  private readonly child: ChildProcess;
  private answeredCount = 0;
  private lastProgressAt = performance.now();
  private readonly waiting = new Map<FromEndpoints['kind'], (message: FromEndpoints) => void>();
  private wake = Promise.withResolvers<void>();

  private constructor() {
    this.child = fork(join(import.meta.dirname, 'process.ts'), {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (message: FromEndpoints) => this.take(message));
  }

  /** Starts the process; resolves when it listens. */
  static async start(): Promise<Endpoints> {
    const endpoints = new Endpoints();
    const listening = await endpoints.answer('listening');
    if (listening.kind === 'listening') endpoints.origin = `http://127.0.0.1:${listening.port}`;
    return endpoints;
  }

  /** How many requests were answered 200 so far, at all endpoints. */
  get answered(): number {
    return this.answeredCount;
  }

  /** For how long no request has been answered, in milliseconds. */
  get quietMs(): number {
    return performance.now() - this.lastProgressAt;
  }

  /** Tells endpoints what to do from the next request on. */
  async behave(endpoints: readonly number[], behaviour: Behaviour): Promise<void> {
    const behaving = this.answer('behaving');
    this.send({ kind: 'behave', endpoints, behaviour });
    await behaving;
  }

  /** Resolves when the count of answered requests has changed, or after the limit. */
  async progress(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    await Promise.race([this.wake.promise, limit]);
    clearTimeout(timer);
  }

  /** Resolves once so many were answered. @throws Error after `limitMs`, saying how many there were. */
  async until(count: number, limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (this.answeredCount < count) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${this.answeredCount} of ${count} requests were answered in ${limitMs} ms`);
      await this.progress(left);
    }
  }

  async receipts(): Promise<Receipts> {
    const collected = this.answer('collected');
    this.send({ kind: 'collect' });
    const message = await collected;
    if (message.kind !== 'collected') throw new Error('the endpoints answered something else');
    return message;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }

  private send(message: ToEndpoints): void {
    this.child.send(message);
  }

  private answer(kind: FromEndpoints['kind']): Promise<FromEndpoints> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error("the endpoints' process ended"));
      this.child.once('exit', ended);
      this.waiting.set(kind, (message) => {
        this.child.off('exit', ended);
        this.waiting.delete(kind);
        resolve(message);
      });
    });
  }

  private take(message: FromEndpoints): void {
    if (message.kind === 'progress') {
      this.answeredCount = message.answered;
      this.lastProgressAt = performance.now();
      this.wake.resolve();
      this.wake = Promise.withResolvers();
      return;
    }
    this.waiting.get(message.kind)?.(message);
  }
}
