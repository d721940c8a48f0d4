import { lookup } from 'node:dns/promises';
import { Resolver } from 'node:dns/promises';

import type { Clock } from '#libs/domain';
import { LRUCache } from 'lru-cache';

/** Finds the addresses of a host name. @throws Error with a DNS code. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

const FOUND_MS = 5_000;
const FAILED_MS = 1_000;
const MAX_NAMES = 10_000;
const TRY_MS = 2_000;
const TRIES = 2;
const LOOPBACK = ['127.0.0.1', '::1'];

interface Answer {
  readonly addresses: Promise<readonly string[]>;
  until: number;
}

/** Host names and their addresses, each remembered briefly; those who ask at the same time share one question. */
export class NameResolver {
  private readonly resolve: Resolve;
  private readonly clock: Clock;
  private readonly answers = new LRUCache<string, Answer>({ max: MAX_NAMES });

  constructor(clock: Clock, resolve: Resolve = systemResolve()) {
    this.clock = clock;
    this.resolve = resolve;
  }

  /** The addresses of a name. @throws Error with a DNS code such as ENOTFOUND. */
  addressesOf(hostname: string): Promise<readonly string[]> {
    const known = this.answers.get(hostname);
    if (known && this.clock.now() < known.until) return known.addresses;
    const addresses = this.resolve(hostname);
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
 * The system is asked only about names that DNS does not have, such as those in its hosts file. `localhost` is the loopback
 * address (RFC 6761, section 6.3).
 */
function systemResolve(): Resolve {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  return async (hostname) => {
    const name = hostname.replace(/\.$/, '').toLowerCase();
    if (name === 'localhost' || name.endsWith('.localhost')) return LOOPBACK;
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    if (v4.status === 'rejected' && !isAbsent(v4.reason)) throw v4.reason;
    return (await lookup(name, { all: true })).map(({ address }) => address);
  };
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
}
