import type { buildConnector } from 'undici';

/** How far the opening of a connection has come; times by `performance.now()`. */
export interface Opening {
  readonly startedAt: number;
  /** When the host name's addresses were known; absent for an endpoint that is named by its address. */
  lookedUpAt?: number;
  connectedAt?: number;
  securedAt?: number;
}

/** Opens one connection, and notes in `opening` how far it has come. */
export type OpenConnection = (
  options: buildConnector.Options,
  callback: buildConnector.Callback,
  opening: Opening,
) => void;
