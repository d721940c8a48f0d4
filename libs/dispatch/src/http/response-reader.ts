import { assertNever, CodedError } from '#libs/domain';

import { ChunkedBody } from './chunked-body.ts';
import { readHead, type ResponseHead } from './response-head.ts';

/** What came back is not HTTP, or not an answer to what was asked. */
export class InvalidResponseError extends CodedError {
  constructor(message: string) {
    super('INVALID_RESPONSE', message);
  }
}

/** The connection ended before the answer did. */
export class ConnectionClosedError extends CodedError {
  constructor() {
    super('CONNECTION_CLOSED', 'the connection ended before the answer did');
  }
}

/** Whoever waits for an answer. Must not throw. */
export interface ResponseListener {
  /** Once: the status line and the headers, of the final answer. */
  onHead(head: ResponseHead): void;
  /** The bytes are only valid during the call. */
  onBody(bytes: Buffer): void;
  /** The answer is complete. Nothing follows. */
  onEnd(): void;
  /** The answer will not be complete. Nothing follows. */
  onBroken(error: unknown): void;
}

const MAX_HEAD_BYTES = 16 * 1024;
const MAX_INTERIM = 10;
const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);
const BEGINNING = 'HTTP/1.';
/** What only a request gets that asked for another protocol. Every other interim answer is passed over (RFC 9110, section 15.2). */
const SWITCHING_PROTOCOLS = 101;

/**
 * Takes the answers on one connection apart, one after the other. What it cannot be sure of ends the use of the connection: nothing
 * of one answer is ever taken for a part of the next.
 */
export class ResponseReader {
  private listener: ResponseListener | undefined;
  private head: ResponseHead | undefined;
  private partial = '';
  private interim = 0;
  private left = 0;
  private chunked: ChunkedBody | undefined;
  /** Set once an answer has ended, if the connection can carry another request; and for how long the endpoint says. */
  reuse: { readonly keepAliveMs: number | undefined } | undefined;

  /** Whether an answer is awaited. */
  get busy(): boolean {
    return this.listener !== undefined;
  }

  /** Waits for the next answer. */
  begin(listener: ResponseListener): void {
    this.listener = listener;
    this.head = undefined;
    this.partial = '';
    this.interim = 0;
    this.chunked = undefined;
    this.reuse = undefined;
  }

  /** Gives the answer up; whoever waited for it hears nothing more. */
  stop(): ResponseListener | undefined {
    const { listener } = this;
    this.listener = undefined;
    return listener;
  }

  /** @param bytes of the answer that is awaited; only valid during the call. */
  push(bytes: Buffer): void {
    const rest = this.head ? bytes : this.takeHead(bytes);
    if (this.listener && this.head && rest) this.takeBody(this.head, rest);
  }

  /** The endpoint sends nothing more. */
  end(): void {
    const listener = this.stop();
    if (this.head?.framing.kind === 'close') listener?.onEnd();
    else listener?.onBroken(new ConnectionClosedError());
  }

  /** What follows the final head; undefined while it is not complete. */
  private takeHead(bytes: Buffer): Buffer | undefined {
    const known = this.partial.length;
    const text = this.partial + bytes.toString('latin1', 0, MAX_HEAD_BYTES + HEAD_END.length);
    const end = text.indexOf(HEAD_END, known - HEAD_END.length);
    if (end < 0 || end > MAX_HEAD_BYTES) {
      if (text.length > MAX_HEAD_BYTES) this.fail('the headers of the answer are too large');
      else if (!BEGINNING.startsWith(text.slice(0, BEGINNING.length))) this.fail('the answer is not HTTP/1');
      else this.partial = text;
      return undefined;
    }
    const head = readHead(text.slice(0, end + 2));
    if (!head || head.status === SWITCHING_PROTOCOLS) {
      this.fail('the head of the answer is not valid');
      return undefined;
    }
    this.partial = '';
    const taken = end + HEAD_END.length - known;
    const rest = taken === bytes.length ? NOTHING : bytes.subarray(taken);
    if (head.status < 200) return this.takeNextHead(rest);
    this.head = head;
    if (head.framing.kind === 'length') this.left = head.framing.bytes;
    if (head.framing.kind === 'chunked') this.chunked = new ChunkedBody();
    this.listener?.onHead(head);
    return rest;
  }

  /** Bounded: interim answers without end would keep the process busy for others' time. */
  private takeNextHead(bytes: Buffer): Buffer | undefined {
    this.interim += 1;
    if (this.interim > MAX_INTERIM) this.fail('the answer begins with too many interim answers');
    else if (bytes.length > 0) return this.takeHead(bytes);
    return undefined;
  }

  private takeBody(head: ResponseHead, bytes: Buffer): void {
    switch (head.framing.kind) {
      case 'close':
        if (bytes.length > 0) this.listener?.onBody(bytes);
        break;
      case 'length': {
        const extra = bytes.length - this.left;
        const body = extra > 0 ? bytes.subarray(0, this.left) : bytes;
        this.left -= body.length;
        if (body.length > 0) this.listener?.onBody(body);
        if (this.left === 0) this.finish(head, extra);
        break;
      }
      case 'chunked': {
        const progress = this.chunked?.push(bytes, (piece) => this.listener?.onBody(piece));
        if (progress?.kind === 'invalid') this.fail('the chunks of the answer are not valid');
        if (progress?.kind === 'ended') this.finish(head, bytes.length - progress.used);
        break;
      }
      default:
        assertNever(head.framing);
    }
  }

  /** The listener comes last: it may make the next request in the call. */
  private finish({ persistent, keepAliveMs }: ResponseHead, extra: number): void {
    this.reuse = persistent && extra === 0 ? { keepAliveMs } : undefined;
    this.stop()?.onEnd();
  }

  private fail(message: string): void {
    this.stop()?.onBroken(new InvalidResponseError(message));
  }
}
