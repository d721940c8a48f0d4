import type { AttemptError } from '#libs/domain';
import { errors } from 'undici';

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
  UND_ERR_SOCKET: 'connection_closed',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'connection_failed',
  ENETUNREACH: 'connection_failed',
  EADDRNOTAVAIL: 'connection_failed',
  UND_ERR_HEADERS_OVERFLOW: 'invalid_response',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'invalid_response',
  EPROTO: 'tls_failed',
};

/** What OpenSSL says against a certificate, in words that name no address. */
const CERTIFICATE_CODE =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|ERROR_IN_CERT)/;
const OTHER_NAME_CODE = 'ERR_TLS_CERT_ALTNAME_INVALID';
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_)/;
const PARSER_CODE = /^HPE_/;
/** How the client refuses a 100 or 101 that nothing asked for; the code is that of a closed connection. */
const UNASKED_STATUS = /^bad (response|upgrade)$/;

const WORDS: Readonly<Partial<Record<AttemptError, string>>> = {
  connection_refused: 'the endpoint refused the connection',
  connection_closed: 'the endpoint closed the connection before it answered',
  connection_failed: 'the endpoint could not be reached',
  invalid_response: 'the endpoint did not answer with valid HTTP',
  tls_failed: 'no TLS connection could be made',
  timeout: 'the connection was not made in time',
};

/** Names what the HTTP client threw. The message holds no address and no secret. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return failureOf(thrown.errors[0]);
  if (thrown instanceof AddressRefusedError) return { error: 'address_refused', message: thrown.message };
  if (thrown instanceof NameNotResolvedError) return { error: 'dns_failed', message: thrown.message };
  const code = codeOf(thrown);
  const error = classify(thrown, code);
  const words = certificateFault(thrown, code) ?? WORDS[error] ?? 'the request failed';
  return { error, message: code === '' ? words : `${words} (${code})` };
}

function certificateFault(thrown: unknown, code: string): string | undefined {
  if (code === OTHER_NAME_CODE) return "the endpoint's certificate is for another host name";
  // Advice to whoever runs this process follows the semicolon.
  return thrown instanceof Error && CERTIFICATE_CODE.test(code) ? thrown.message.replace(/;.*$/s, '') : undefined;
}

function classify(thrown: unknown, code: string): AttemptError {
  if (CERTIFICATE_CODE.test(code) || TLS_CODE.test(code)) return 'tls_failed';
  if (thrown instanceof errors.HTTPParserError || PARSER_CODE.test(code)) return 'invalid_response';
  if (code === 'UND_ERR_SOCKET' && thrown instanceof Error && UNASKED_STATUS.test(thrown.message)) {
    return 'invalid_response';
  }
  return BY_CODE[code] ?? 'connection_failed';
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
