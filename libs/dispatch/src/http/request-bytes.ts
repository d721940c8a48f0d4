import { CodedError } from '#libs/domain';

/** One request of a delivery. */
export interface OutgoingRequest {
  /** `POST` or `PUT`. */
  readonly method: string;
  /** The target's path and query, as `URL` writes them. */
  readonly path: string;
  /** Host and port, as `URL.host` writes them. */
  readonly host: string;
  /** Names and values in turn; the names are tokens. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** A header's value cannot be sent. */
export class InvalidHeaderError extends CodedError {
  constructor(name: string) {
    super('INVALID_HEADER', `the value of the header ${name} cannot be sent`);
  }
}

const UNSENDABLE = /[^\t\x20-\x7e]/;

/** A request as it goes over the wire (RFC 9112), in one piece, so that one write sends it. @throws InvalidHeaderError */
export function requestBytes({ method, path, host, headers, body }: OutgoingRequest): Buffer {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    if (UNSENDABLE.test(value)) throw new InvalidHeaderError(name);
    head += `${name}: ${value}\r\n`;
  }
  head += `content-length: ${body.length}\r\n\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 'latin1');
  body.copy(bytes, head.length);
  return bytes;
}
