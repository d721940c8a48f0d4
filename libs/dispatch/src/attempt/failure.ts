import type { AttemptError } from '#libs/domain';

import { AddressRefusedError } from '../network/guarded-connector.ts';
import { NameNotResolvedError } from '../network/name-resolver.ts';

/** What went wrong, by its stable name and in words for people. */
export interface Failure {
  readonly error: AttemptError;
  readonly message: string;
}

const BY_CODE: Readonly<Record<string, AttemptError>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_closed',
  EPIPE: 'connection_closed',
  CONNECTION_CLOSED: 'connection_closed',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'connection_failed',
  ENETUNREACH: 'connection_failed',
  EADDRNOTAVAIL: 'connection_failed',
  INVALID_RESPONSE: 'invalid_response',
  EPROTO: 'tls_failed',
};

/** What OpenSSL says against a certificate, in words that name no address. */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|ERROR_IN_CERT)/;
const OTHER_NAME_CODE = 'ERR_TLS_CERT_ALTNAME_INVALID';
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_)/;

const WORDS: Readonly<Partial<Record<AttemptError, string>>> = {
  connection_refused: 'the endpoint refused the connection',
  connection_closed: 'the endpoint closed the connection before it answered',
  connection_failed: 'the endpoint could not be reached',
  invalid_response: 'the endpoint did not answer with valid HTTP',
  tls_failed: 'no TLS connection could be made',
  timeout: 'the connection was not made in time',
};

/** Names what ended an exchange. The message holds no address and no secret. */
export function failureOf(thrown: unknown): Failure {
  const [first] = property(thrown, 'errors', Array.isArray) ?? [];
  if (first !== undefined) return failureOf(first);
  if (thrown instanceof AddressRefusedError) return { error: 'address_refused', message: thrown.message };
  if (thrown instanceof NameNotResolvedError) return { error: 'dns_failed', message: thrown.message };
  const code = property(thrown, 'code', isText) ?? '';
  const said = property(thrown, 'message', isText) ?? '';
  const error = classify(code);
  const words = certificateFault(said, code) ?? WORDS[error] ?? 'the request failed';
  return { error, message: code === '' ? words : `${words} (${code})` };
}

function certificateFault(said: string, code: string): string | undefined {
  if (code === OTHER_NAME_CODE) return "the endpoint's certificate is for another host name";
  // Advice to whoever runs this process follows the semicolon.
  return CERTIFICATE_CODE.test(code) ? said.replace(/;.*$/s, '') : undefined;
}

function classify(code: string): AttemptError {
  if (CERTIFICATE_CODE.test(code) || TLS_CODE.test(code)) return 'tls_failed';
  return BY_CODE[code] ?? 'connection_failed';
}

function property<T>(thrown: unknown, name: string, is: (value: unknown) => value is T): T | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const value: unknown = Reflect.get(thrown, name);
  return is(value) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
