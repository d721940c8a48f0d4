import { connect, isIP, type LookupFunction, Socket } from 'node:net';
import { connect as connectSecurely, createSecureContext, getCACertificates } from 'node:tls';

import { CodedError } from '#libs/domain';
import { LRUCache } from 'lru-cache';

import type { OpenConnection } from '../connections/opening.ts';
import type { AddressPolicy } from './address-policy.ts';
import type { NameNotResolvedError, NameResolver } from './name-resolver.ts';
import type { PortPolicy } from './port-policy.ts';

/** Within one time limit, at least this many of an endpoint's addresses get their turn. */
const ADDRESSES_TRIED = 4;
const PROBE_AFTER_MS = 60_000;
/** So many origins get the short handshake of a resumed TLS session. */
const MAX_SESSIONS = 10_000;

/** The endpoint's host leads only to addresses that webhooks may not point to, or its port is one of those. */
export class AddressRefusedError extends CodedError {
  constructor(what: string) {
    super('ADDRESS_REFUSED', `${what} that webhooks may not point to`);
  }
}

/**
 * Opens connections to endpoints. Ports and addresses are judged here, the latter on what DNS answered for this very connection, and the
 * address that was judged is the one connected to.
 *
 * @param given.extraCa PEM certificates trusted besides the well-known authorities.
 */
export function guardedConnector(given: {
  policy: AddressPolicy;
  ports: PortPolicy;
  resolver: NameResolver;
  timeoutMs: number;
  extraCa: string | undefined;
}): OpenConnection {
  const { policy, ports } = given;
  const shared = {
    lookup: guardedLookup(policy, given.resolver),
    autoSelectFamily: true,
    // The default of 250 ms gives up on distant endpoints before they can answer.
    autoSelectFamilyAttemptTimeout: Math.ceil(given.timeoutMs / ADDRESSES_TRIED),
  };
  const secureContext = createSecureContext(
    given.extraCa === undefined ? {} : { ca: [...getCACertificates('default'), given.extraCa] },
  );
  const sessions = new LRUCache<string, Buffer>({ max: MAX_SESSIONS });
  return ({ name, secure, hostname, port }, reading) => {
    if (!ports.allows(port)) return refused(`port ${port} is one`);
    if (isIP(hostname) !== 0 && !policy.allows(hostname)) return refused(`${hostname} is an address`);
    const options = { ...shared, host: hostname, port, onread: reading };
    const socket = secure
      ? connectSecurely({
          ...options,
          secureContext,
          servername: isIP(hostname) === 0 ? hostname.replace(/\.$/, '') : undefined,
          ALPNProtocols: ['http/1.1'],
          session: sessions.get(name),
        }).on('session', (session) => sessions.set(name, session))
      : connect(options);
    return socket.setNoDelay(true).setKeepAlive(true, PROBE_AFTER_MS);
  };
}

function refused(what: string): Socket {
  return new Socket().destroy(new AddressRefusedError(what));
}

function guardedLookup(policy: AddressPolicy, resolver: NameResolver): LookupFunction {
  return (hostname, options, callback) => {
    resolver.addressesOf(hostname).then(
      (addresses) => {
        const family = options.family === 4 || options.family === 6 ? options.family : 0;
        const allowed = addresses
          .filter((address) => policy.allows(address) && (family === 0 || isIP(address) === family))
          .map((address) => ({ address, family: isIP(address) }));
        const [first] = allowed;
        if (!first) callback(new AddressRefusedError(`${hostname} leads to an address`), []);
        else if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: NameNotResolvedError) => callback(error, []),
    );
  };
}
