import type { IncomingHttpHeaders } from 'node:http';

import type { AttemptOutcome, Clock, Webhook } from '#libs/domain';
import type { Dispatcher } from 'undici';

import type { Connection } from '../connections/connection.ts';
import { answered, broken, timedOut, timingOf } from './outcomes.ts';
import type { Limited, TimeLimits } from './time-limits.ts';

/** Whoever wants to know how an attempt goes. Must not throw. */
export interface AttemptObserver {
  /** Exactly once: when the answer's status line and headers are complete, the exchange has broken, or the time is up. */
  onOutcome(outcome: AttemptOutcome): void;
  /**
   * Exactly once, after `onOutcome`: the exchange is over.
   *
   * @param excerpt at most the first 1,024 bytes of the answer's body; undefined when none came.
   */
  onEnd(excerpt: Buffer | undefined): void;
}

/** What all attempts of a dispatcher share. */
export interface AttemptSettings {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly limits: TimeLimits<AttemptHandler>;
}

/** What follows the headers is read up to here, so that the connection can be used again, and then dropped. */
const MAX_BODY_BYTES = 16 * 1024;
const EXCERPT_BYTES = 1_024;

/** Follows one request on a connection of its own. The rest of an answer never changes the outcome. */
export class AttemptHandler implements Dispatcher.DispatchHandler, Limited<AttemptHandler> {
  before: AttemptHandler | undefined;
  after: AttemptHandler | undefined;
  readonly startedAt: number;
  private readonly settings: AttemptSettings;
  private readonly success: Webhook['success'];
  private readonly connection: Connection;
  private readonly observer: AttemptObserver;
  private dispatching = true;
  private decided = false;
  private over = false;
  private bodyBytes = 0;
  private excerpt: Buffer | undefined;

  constructor(
    given: { settings: AttemptSettings; startedAt: number; success: Webhook['success'] },
    connection: Connection,
    observer: AttemptObserver,
  ) {
    this.settings = given.settings;
    this.startedAt = given.startedAt;
    this.success = given.success;
    this.connection = connection;
    this.observer = observer;
  }

  /** Sends the request. The observer hears nothing before this returns. */
  dispatch(request: Dispatcher.DispatchOptions): void {
    this.settings.limits.begin(this);
    this.connection.dispatch(request, this);
    this.dispatching = false;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200 || this.over) return;
    const now = this.settings.clock.now();
    this.decide(answered({ status, headers }, { success: this.success, now, timing: this.timing(true) }));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    if (this.bodyBytes < EXCERPT_BYTES) this.keep(chunk);
    this.bodyBytes += chunk.length;
    if (this.bodyBytes > MAX_BODY_BYTES) this.finish('discard');
  }

  onResponseEnd(): void {
    this.finish('release');
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: unknown): void {
    if (this.over) return;
    if (this.dispatching) {
      queueMicrotask(() => this.onResponseError(undefined, error));
      return;
    }
    if (!this.decided) this.decide(broken(error, this.timing(false)));
    this.finish('discard');
  }

  onTimeUp(): void {
    if (!this.decided) this.decide(timedOut(this.settings.timeoutMs, this.timing(false)));
    this.finish('discard');
  }

  private decide(outcome: AttemptOutcome): void {
    this.decided = true;
    this.observer.onOutcome(outcome);
  }

  /** The connection goes back before the observer is told, so that an attempt that it makes at once can have it. */
  private finish(next: 'release' | 'discard'): void {
    if (this.over) return;
    this.over = true;
    this.settings.limits.end(this);
    this.connection[next]();
    this.observer.onEnd(this.excerpt);
  }

  /** Copied: the chunk lies in a buffer that is much larger. */
  private keep(chunk: Buffer): void {
    const wanted = chunk.subarray(0, EXCERPT_BYTES - this.bodyBytes);
    this.excerpt = this.excerpt ? Buffer.concat([this.excerpt, wanted]) : Buffer.from(wanted);
  }

  private timing(isAnswered: boolean) {
    return timingOf(performance.now() - this.startedAt, isAnswered, this.connection.opening);
  }
}
