const MAX_LINE = 4 * 1024;
const MAX_TRAILER_LINES = 100;
const CR = 13;
const LF = 10;
const SIZE_LINE = /^([0-9a-f]{1,12})[\t ]*(;.*)?$/i;

/** What became of some bytes of a chunked body. */
export type ChunkedProgress =
  | { readonly kind: 'more' }
  /** The body has ended; `used` of the bytes belonged to it. */
  | { readonly kind: 'ended'; readonly used: number }
  | { readonly kind: 'invalid' };

const MORE: ChunkedProgress = { kind: 'more' };
const INVALID: ChunkedProgress = { kind: 'invalid' };

/** Takes the chunks of one body apart (RFC 9112, section 7.1). Trailers are read and dropped. */
export class ChunkedBody {
  private state: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  private line = '';
  private left = 0;
  private trailers = 0;

  /** @param onData told of each piece; the bytes are only valid during the call. */
  push(bytes: Buffer, onData: (piece: Buffer) => void): ChunkedProgress {
    let at = 0;
    while (at < bytes.length) {
      if (this.state === 'data') {
        const piece = bytes.subarray(at, at + this.left);
        at += piece.length;
        this.left -= piece.length;
        if (this.left === 0) this.state = 'data-end';
        onData(piece);
        continue;
      }
      const end = bytes.indexOf(LF, at);
      this.line += bytes.toString('latin1', at, end < 0 ? bytes.length : end + 1);
      if (this.line.length > MAX_LINE) return INVALID;
      if (end < 0) return MORE;
      at = end + 1;
      if (this.line.charCodeAt(this.line.length - 2) !== CR) return INVALID;
      const line = this.line.slice(0, -2);
      this.line = '';
      const next = this.onLine(line);
      if (next !== undefined) return next === 'ended' ? { kind: 'ended', used: at } : INVALID;
    }
    return MORE;
  }

  private onLine(line: string): 'ended' | 'invalid' | undefined {
    switch (this.state) {
      case 'size': {
        const [, size] = SIZE_LINE.exec(line) ?? [];
        if (size === undefined) return 'invalid';
        this.left = Number.parseInt(size, 16);
        this.state = this.left === 0 ? 'trailer' : 'data';
        return undefined;
      }
      case 'data-end':
        this.state = 'size';
        return line === '' ? undefined : 'invalid';
      case 'data':
      case 'trailer':
        this.trailers += 1;
        if (line === '') return 'ended';
        return this.trailers > MAX_TRAILER_LINES ? 'invalid' : undefined;
    }
  }
}
