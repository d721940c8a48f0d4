import type { Socket } from 'node:net';

/** How far the opening of a connection has come; times by `performance.now()`. */
export interface Opening {
  readonly startedAt: number;
  /** When the host name's addresses were known; absent for an endpoint that is named by its address. */
  lookedUpAt?: number;
  connectedAt?: number;
  securedAt?: number;
}

/** Where a connection leads. */
export interface Origin {
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly name: string;
  readonly secure: boolean;
  /** A name, or an address without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Where the URL of an endpoint leads. @param url http: or https: */
export function originOf({ origin, protocol, hostname, port }: URL): Origin {
  const secure = protocol === 'https:';
  return {
    name: origin,
    secure,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 443 : 80)),
  };
}

/** What a socket reads with: every piece goes to `callback`, in a buffer that is used again afterwards. */
export interface Reading {
  readonly buffer: Buffer;
  readonly callback: (bytesRead: number, buffer: Uint8Array) => boolean;
}

/** Opens one connection. The socket says `secureConnect` (TLS) or `connect` when requests may be written to it. */
export type OpenConnection = (origin: Origin, reading: Reading) => Socket;
