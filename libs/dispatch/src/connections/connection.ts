import { Client, type Dispatcher } from 'undici';

import type { Linked } from './linked-list.ts';
import type { OpenConnection, Opening } from './opening.ts';

const KEEP_ALIVE_MS = 10_000;
const KEEP_ALIVE_MAX_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;
const GIVEN_UP = new Error('the connection is not wanted any more');

const CLIENT_OPTIONS: Client.Options = {
  pipelining: 1,
  allowH2: false,
  keepAliveTimeout: KEEP_ALIVE_MS,
  keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
  // One limit covers the whole attempt; the client's own limits stay out of its way.
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** What becomes of a connection. */
export interface ConnectionOwner {
  /** It is closed, or about to be. */
  onGone(connection: Connection): void;
  /** It can carry another request. */
  onFree(connection: Connection): void;
}

/**
 * One connection to an origin, for one request at a time. It is opened by the first request. Whoever took it gives it back with
 * `release` when the answer has been read to its end, or with `discard` when it has not.
 */
export class Connection implements Linked<Connection> {
  readonly origin: string;
  before: Connection | undefined;
  after: Connection | undefined;
  /** Defined when the connection was opened for the request that it carries now. */
  opening: Opening | undefined;
  private readonly owner: ConnectionOwner;
  private readonly client: Client;
  private state: 'taken' | 'free' | 'gone' = 'taken';

  /** A new connection, taken. */
  constructor(origin: string, open: OpenConnection, owner: ConnectionOwner) {
    this.origin = origin;
    this.owner = owner;
    this.client = new Client(origin, {
      ...CLIENT_OPTIONS,
      connect: (options, callback) => {
        this.opening = { startedAt: performance.now() };
        open(options, callback, this.opening);
      },
    });
    // A taken connection that closes opens itself again, if its request has not been written yet; or its request fails.
    this.client.on('disconnect', () => {
      if (this.state === 'free') this.discard();
    });
  }

  get isFree(): boolean {
    return this.state === 'free';
  }

  take(): void {
    this.state = 'taken';
    this.opening = undefined;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.client.dispatch(options, handler);
  }

  /** The next request may be handed over at once, even before the client has come to an end with this one. */
  release(): void {
    if (this.state !== 'taken') return;
    this.state = 'free';
    this.owner.onFree(this);
  }

  /** Closes the connection. Its request, if it has one, ends with an error, later. */
  discard(): void {
    if (this.state === 'gone') return;
    this.owner.onGone(this);
    this.state = 'gone';
    this.client.destroy(GIVEN_UP, () => {});
  }

  /** Resolves when the connection is closed. */
  async close(): Promise<void> {
    this.discard();
    await this.client.destroy();
  }
}
