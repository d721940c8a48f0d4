import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

import { CodedError } from '#libs/domain';

import { ResponseReader, type ResponseListener } from '../http/response-reader.ts';
import type { Linked } from './linked-list.ts';
import type { OpenConnection, Opening, Origin } from './opening.ts';

/** The connection was closed on this side. */
export class ConnectionGivenUpError extends CodedError {
  constructor() {
    super('CONNECTION_GIVEN_UP', 'the connection is not wanted any more');
  }
}

/** What becomes of a connection. */
export interface ConnectionOwner {
  /** It is closed, or about to be. */
  onGone(connection: Connection): void;
  /** It can carry another request. */
  onFree(connection: Connection): void;
}

const KEEP_ALIVE_MS = 10_000;
const KEEP_ALIVE_MAX_MS = 30_000;
/** A connection is not used any more so long before the endpoint closes it: the request might cross with that. */
const KEEP_ALIVE_MARGIN_MS = 2_000;

/** All connections read into it in turn: what is kept of a piece is copied before the next is read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
/** Answers are mostly of one length. */
let lastView = READ_BUFFER;

/**
 * One connection to an origin, for one request at a time. It is opened by the first request. Whoever took it gives it back with
 * `release` when the answer has been read to its end, or with `discard` when it has not.
 */
export class Connection implements Linked<Connection> {
  readonly origin: Origin;
  before: Connection | undefined;
  after: Connection | undefined;
  /** Defined when the connection was opened for the request that it carries now. */
  opening: Opening | undefined;
  /** Until when it may be taken again, by `performance.now()`. */
  freeUntil = 0;
  private readonly open: OpenConnection;
  private readonly owner: ConnectionOwner;
  private readonly reader = new ResponseReader();
  private socket: Socket | undefined;
  private state: 'taken' | 'free' | 'gone' = 'taken';

  /** A new connection, taken. */
  constructor(origin: Origin, open: OpenConnection, owner: ConnectionOwner) {
    this.origin = origin;
    this.open = open;
    this.owner = owner;
  }

  get isFree(): boolean {
    return this.state === 'free';
  }

  /**
   * False where the endpoint answered before it had the whole request: another one would wait behind the rest of it. Over TLS it is
   * false, too, until the event loop's next turn after all was written, so it says nothing at `release`.
   */
  get isWritten(): boolean {
    return (this.socket?.writableLength ?? 0) === 0;
  }

  take(): void {
    this.state = 'taken';
    this.opening = undefined;
  }

  /** Sends a request. The listener hears nothing before this returns. @param request as it goes over the wire. */
  send(request: Buffer, listener: ResponseListener): void {
    if (this.state === 'gone') {
      queueMicrotask(() => listener.onBroken(new ConnectionGivenUpError()));
      return;
    }
    this.reader.begin(listener);
    if (this.socket) this.socket.write(request);
    else this.connect(request);
  }

  /** The next request may be handed over at once. Closes the connection if it cannot carry another one. */
  release(): void {
    if (this.state !== 'taken') return;
    const { reuse } = this.reader;
    const keptMs = reuse?.keepAliveMs === undefined ? KEEP_ALIVE_MS : reuse.keepAliveMs - KEEP_ALIVE_MARGIN_MS;
    if (!reuse || keptMs <= 0) {
      this.discard();
      return;
    }
    this.state = 'free';
    this.freeUntil = performance.now() + Math.min(keptMs, KEEP_ALIVE_MAX_MS);
    this.owner.onFree(this);
  }

  /** Closes the connection. Its request, if it has one, ends with an error, later. */
  discard(): void {
    if (this.state === 'gone') return;
    this.owner.onGone(this);
    this.state = 'gone';
    this.socket?.destroy();
    const listener = this.reader.stop();
    if (listener) queueMicrotask(() => listener.onBroken(new ConnectionGivenUpError()));
  }

  /** Resolves when the connection is closed. */
  async close(): Promise<void> {
    const { socket } = this;
    this.discard();
    if (socket && !socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  }

  private connect(request: Buffer): void {
    const opening: Opening = { startedAt: performance.now() };
    this.opening = opening;
    const socket = this.open(this.origin, {
      buffer: READ_BUFFER,
      callback: (bytesRead) => {
        this.onRead(viewOf(bytesRead));
        return true;
      },
    });
    this.socket = socket;
    socket.once('lookup', () => {
      opening.lookedUpAt = performance.now();
    });
    socket.once('connect', () => {
      opening.connectedAt = performance.now();
      if (!this.origin.secure) socket.write(request);
    });
    // Not before the endpoint has shown who it is.
    socket.once('secureConnect', () => {
      opening.securedAt = performance.now();
      socket.write(request);
    });
    socket.on('end', () => this.onEnd());
    socket.on('error', (error) => this.onError(error));
    socket.on('close', () => this.onEnd());
  }

  private onRead(bytes: Buffer): void {
    if (this.reader.busy) this.reader.push(bytes);
    // Nothing was asked: what came cannot be told apart from the next answer.
    else this.discard();
  }

  private onEnd(): void {
    if (this.reader.busy) this.reader.end();
    this.discard();
  }

  private onError(error: Error): void {
    this.reader.stop()?.onBroken(error);
    this.discard();
  }
}

/** What was read last; it is read over by the next one. */
function viewOf(bytesRead: number): Buffer {
  if (lastView.length !== bytesRead) lastView = READ_BUFFER.subarray(0, bytesRead);
  return lastView;
}
