import { Resolver } from 'node:dns/promises';
import { hostname as ownHostName } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Clock, CodedError } from '#libs/domain';
import { LRUCache } from 'lru-cache';

import { SystemNames } from './system-names.ts';

/** Finds the addresses of a host name; rejects when there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

const FOUND_MS = 5_000;
const FAILED_MS = 1_000;
const MAX_NAMES = 10_000;
const TRY_MS = 2_000;
const TRIES = 2;
const OTHER_FAMILY_MS = 50;
/** DNS does not have the name, or there is no name server. */
const ASK_THE_SYSTEM: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);
const LOOPBACK = ['127.0.0.1', '::1'];

/** A host name could not be turned into addresses; the cause says why. */
export class NameNotResolvedError extends CodedError {
  constructor(cause: unknown) {
    super('NAME_NOT_RESOLVED', `the endpoint's host name could not be resolved (${codeOf(cause)})`, { cause });
  }
}

interface Answer {
  readonly addresses: Promise<readonly string[]>;
  until: number;
}

/** Host names and their addresses, each remembered briefly; those who ask at the same time share one question. */
export class NameResolver {
  private readonly resolve: Resolve;
  private readonly clock: Clock;
  private readonly answers = new LRUCache<string, Answer>({ max: MAX_NAMES });

  constructor(clock: Clock, resolve: Resolve = resolveWith([])) {
    this.clock = clock;
    this.resolve = resolve;
  }

  /** The addresses of a name. @throws NameNotResolvedError */
  addressesOf(hostname: string): Promise<readonly string[]> {
    const known = this.answers.get(hostname);
    if (known && this.clock.now() < known.until) return known.addresses;
    const addresses = this.resolve(hostname).catch((error: unknown) => {
      throw new NameNotResolvedError(error);
    });
    const answer: Answer = { addresses, until: this.clock.now() + FOUND_MS };
    this.answers.set(hostname, answer);
    addresses.catch(() => {
      answer.until = this.clock.now() + FAILED_MS;
    });
    return addresses;
  }
}

/**
 * Asks the name servers directly, so that names whose servers hang do not use up the few threads that the system's own look-up runs on.
 * `localhost` (RFC 6761, section 6.3) and this machine's host name are the loopback address, whatever DNS says of them.
 *
 * @param servers name servers (`address` or `address:port`) to be asked in place of the system's.
 * @param system is asked about names that DNS does not have, such as those in a hosts file; by default only where no servers are given.
 */
export function resolveWith(
  servers: readonly string[],
  system: SystemNames | undefined = servers.length > 0 ? undefined : new SystemNames(),
): Resolve {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  const ownName = ownHostName().toLowerCase();
  return async (hostname) => {
    const name = hostname.replace(/\.$/, '').toLowerCase();
    if (name === 'localhost' || name.endsWith('.localhost') || name === ownName) return LOOPBACK;
    try {
      return await bothFamilies(resolver.resolve4(name), resolver.resolve6(name));
    } catch (error) {
      if (!system || system.isBusy || !ASK_THE_SYSTEM.has(codeOf(error))) throw error;
      return await system.addressesOf(name);
    }
  };
}

/**
 * The addresses of both families, IPv4 first. Once one family is there, the other is waited for a moment only (RFC 8305, section 3): some
 * name servers never answer for one of them. @throws what the IPv4 question failed with when neither has an address.
 */
export async function bothFamilies(v4: Promise<string[]>, v6: Promise<string[]>): Promise<readonly string[]> {
  const found: { v4: string[]; v6: string[] } = { v4: [], v6: [] };
  const questions = [
    v4.then((addresses) => {
      found.v4 = addresses;
    }),
    v6.then((addresses) => {
      found.v6 = addresses;
    }),
  ];
  const all = Promise.allSettled(questions);
  const firstFamily = Promise.any(questions).then(
    () => sleep(OTHER_FAMILY_MS, undefined, { ref: false }),
    () => undefined,
  );
  await Promise.race([all, firstFamily]);
  const addresses = [...found.v4, ...found.v6];
  return addresses.length > 0 ? addresses : v4;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'UNKNOWN';
}
