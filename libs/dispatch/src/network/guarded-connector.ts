import { isIP, type LookupFunction, Socket } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';

import { CodedError } from '#libs/domain';
import { buildConnector } from 'undici';

import type { OpenConnection, Opening } from '../connections/opening.ts';
import type { AddressPolicy } from './address-policy.ts';
import type { NameNotResolvedError, NameResolver } from './name-resolver.ts';

/** Within one time limit, at least this many of an endpoint's addresses get their turn. */
const ADDRESSES_TRIED = 4;

/** The endpoint's name or address leads only to addresses that webhooks may not point to. */
export class AddressRefusedError extends CodedError {
  constructor(hostname: string) {
    super('ADDRESS_REFUSED', `${hostname} leads to an address that webhooks may not point to`);
  }
}

/**
 * Opens connections to endpoints. Addresses are judged here, on what DNS answered for this very connection, and the address that was
 * judged is the one connected to.
 *
 * @param given.extraCa PEM certificates trusted besides the well-known authorities.
 */
export function guardedConnector(given: {
  policy: AddressPolicy;
  resolver: NameResolver;
  timeoutMs: number;
  extraCa: string | undefined;
}): OpenConnection {
  const { policy, resolver } = given;
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolver.addressesOf(hostname).then(
      (addresses) => {
        const family = options.family === 4 || options.family === 6 ? options.family : 0;
        const allowed = addresses
          .filter((address) => policy.allows(address) && (family === 0 || isIP(address) === family))
          .map((address) => ({ address, family: isIP(address) }));
        const [first] = allowed;
        if (!first) callback(new AddressRefusedError(hostname), []);
        else if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: NameNotResolvedError) => callback(error, []),
    );
  };
  const secureContext = createSecureContext(
    given.extraCa === undefined ? {} : { ca: [...getCACertificates('default'), given.extraCa] },
  );
  const connect = buildConnector({
    allowH2: false,
    timeout: given.timeoutMs,
    rejectUnauthorized: true,
    secureContext,
    lookup,
    autoSelectFamily: true,
    // The default of 250 ms gives up on distant endpoints before they can answer.
    autoSelectFamilyAttemptTimeout: Math.ceil(given.timeoutMs / ADDRESSES_TRIED),
    keepAlive: true,
  });
  return (options, callback, opening) => {
    const literal = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !policy.allows(literal)) {
      queueMicrotask(() => callback(new AddressRefusedError(literal), null));
      return;
    }
    noteSteps(connect(options, callback), opening);
  };
}

/** The connector hands out the socket, though its type does not say so. */
function noteSteps(socket: unknown, opening: Opening): void {
  if (!(socket instanceof Socket)) return;
  socket.once('lookup', () => {
    opening.lookedUpAt = performance.now();
  });
  socket.once('connect', () => {
    opening.connectedAt = performance.now();
  });
  socket.once('secureConnect', () => {
    opening.securedAt = performance.now();
  });
}
