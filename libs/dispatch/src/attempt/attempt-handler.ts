import { performance } from 'node:perf_hooks';

import type { AttemptOutcome, Clock, Webhook } from '#libs/domain';

import type { Connection } from '../connections/connection.ts';
import type { ResponseHead } from '../http/response-head.ts';
import type { ResponseListener } from '../http/response-reader.ts';
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
export class AttemptHandler implements ResponseListener, Limited<AttemptHandler> {
  before: AttemptHandler | undefined;
  after: AttemptHandler | undefined;
  readonly startedAt: number;
  private readonly settings: AttemptSettings;
  private readonly success: Webhook['success'];
  private readonly connection: Connection;
  private readonly observer: AttemptObserver;
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

  /** Sends the request. The observer hears nothing before this returns. @param request as it goes over the wire. */
  dispatch(request: Buffer): void {
    this.settings.limits.begin(this);
    this.connection.send(request, this);
  }

  onHead(head: ResponseHead): void {
    if (this.over) return;
    const { clock } = this.settings;
    this.decide(answered(head, { success: this.success, clock, timing: this.timing(true) }));
  }

  onBody(bytes: Buffer): void {
    if (this.over) return;
    if (this.bodyBytes < EXCERPT_BYTES) this.keep(bytes);
    this.bodyBytes += bytes.length;
    if (this.bodyBytes > MAX_BODY_BYTES) this.finish('discard');
  }

  onEnd(): void {
    this.finish('release');
  }

  onBroken(error: unknown): void {
    if (this.over) return;
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

  /** Copied: the bytes lie in a buffer that is read into again. */
  private keep(bytes: Buffer): void {
    const wanted = bytes.subarray(0, EXCERPT_BYTES - this.bodyBytes);
    this.excerpt = this.excerpt ? Buffer.concat([this.excerpt, wanted]) : Buffer.from(wanted);
  }

  private timing(isAnswered: boolean) {
    return timingOf(performance.now() - this.startedAt, isAnswered, this.connection.opening);
  }
}
