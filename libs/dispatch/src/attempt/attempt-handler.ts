import type { IncomingHttpHeaders } from 'node:http';

import type { Dispatcher } from 'undici';

/** How an exchange with an endpoint ended, as far as the outcome goes. */
export type Exchange =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: IncomingHttpHeaders }
  | { readonly kind: 'broken'; readonly error: unknown }
  | { readonly kind: 'timed_out' };

/** What follows the headers is read up to here, so that the connection can be used again, and then dropped. */
const MAX_BODY_BYTES = 16 * 1024;
const ENOUGH = new Error('the rest of the answer is not wanted');

/**
 * Follows one request. The exchange is decided when the answer's headers are complete, when it breaks, or when the time is up,
 * whichever comes first; the rest of the answer never changes it.
 */
export class AttemptHandler implements Dispatcher.DispatchHandler {
  private readonly decide: (exchange: Exchange) => void;
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private decided = false;
  private over = false;
  private bodyBytes = 0;

  /** @param decide called exactly once. */
  constructor(timeoutMs: number, decide: (exchange: Exchange) => void) {
    this.decide = decide;
    this.timer = setTimeout(() => this.timeUp(), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.over) controller.abort(ENOUGH);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200) this.settle({ kind: 'answered', status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bodyBytes += chunk.length;
    if (this.bodyBytes > MAX_BODY_BYTES) controller.abort(ENOUGH);
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: unknown): void {
    clearTimeout(this.timer);
    this.settle({ kind: 'broken', error });
  }

  private timeUp(): void {
    this.over = true;
    this.settle({ kind: 'timed_out' });
    this.controller?.abort(ENOUGH);
  }

  private settle(exchange: Exchange): void {
    if (this.decided) return;
    this.decided = true;
    this.decide(exchange);
  }
}
