const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 64 * 1024;
const LENGTH = /\r\ncontent-length:[ \t]*(\d+)/i;
const LENGTH_AS_SENT = '\r\ncontent-length: ';

/** What arrived is not a request that this parser understands. */
export class RequestError extends Error {
  readonly code = 'BAD_REQUEST';
}

/**
 * Finds the requests in what a connection receives: just enough of HTTP/1.1 (keep-alive, `content-length`), however the bytes are
 * cut into chunks. Bodies are counted, not kept.
 */
export class RequestParser {
  private readonly onRequest: (head: string) => void;
  private rest: Buffer | undefined;
  private head = '';
  private bodyLeft = 0;

  /** @param onRequest called with the request line and headers of each request, once its body is complete. */
  constructor(onRequest: (head: string) => void) {
    this.onRequest = onRequest;
  }

  /** Takes the next bytes. @throws RequestError when the head is too long. */
  push(chunk: Buffer): void {
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    this.rest = undefined;
    let at = 0;
    while (at < bytes.length) {
      if (this.bodyLeft > 0) {
        const part = Math.min(this.bodyLeft, bytes.length - at);
        this.bodyLeft -= part;
        at += part;
        if (this.bodyLeft === 0) this.onRequest(this.head);
        continue;
      }
      const end = bytes.indexOf(HEAD_END, at);
      if (end < 0) {
        this.rest = bytes.subarray(at);
        if (this.rest.length > MAX_HEAD_BYTES) throw new RequestError('the head of a request is too long');
        return;
      }
      this.head = bytes.toString('latin1', at, end + 2);
      this.bodyLeft = bodyLength(this.head);
      at = end + HEAD_END.length;
      if (this.bodyLeft === 0) this.onRequest(this.head);
    }
  }
}

function bodyLength(head: string): number {
  const at = head.indexOf(LENGTH_AS_SENT);
  if (at >= 0) return Number.parseInt(head.slice(at + LENGTH_AS_SENT.length, at + LENGTH_AS_SENT.length + 12), 10);
  return Number(LENGTH.exec(head)?.[1] ?? 0);
}
