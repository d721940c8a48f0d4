import { CodedError } from '#libs/domain';

/** A header's value cannot be sent. */
export class InvalidHeaderError extends CodedError {
  constructor(name: string) {
    super('INVALID_HEADER', `the value of the header ${name} cannot be sent`);
  }
}

const UNSENDABLE = /[^\t\x20-\x7e]/;

/**
 * The request line and the headers that every request to a target begins with.
 *
 * @param target.method `POST` or `PUT`.
 * @param target.path the target's path and query, as `URL` writes them.
 * @param target.host host and port, as `URL.host` writes them.
 */
export function requestOpening({ method, path, host }: { method: string; path: string; host: string }): string {
  return `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
}

/** A header as a line. @param name a token. @throws InvalidHeaderError */
export function headerLine(name: string, value: string): string {
  if (UNSENDABLE.test(value)) throw new InvalidHeaderError(name);
  return `${name}: ${value}\r\n`;
}

/**
 * A request as it goes over the wire (RFC 9112), in one piece, so that one write sends it.
 *
 * @param opening of {@link requestOpening}, perhaps with further header lines.
 * @param headers lines, ASCII.
 */
export function requestBytes(opening: string, headers: string, body: Buffer): Buffer {
  const head = `${opening}${headers}content-length: ${body.length}\r\n\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, 'latin1');
  body.copy(bytes, head.length);
  return bytes;
}
