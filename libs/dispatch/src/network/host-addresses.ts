import { networkInterfaces } from 'node:os';

import type { Clock } from '#libs/domain';
import ipaddr from 'ipaddr.js';

import type { OwnAddresses } from './address-policy.ts';

const KNOWN_MS = 10_000;

/** The addresses of this machine's network interfaces, as they were at most 10 s ago. */
export class HostAddresses implements OwnAddresses {
  private readonly clock: Clock;
  private readonly interfaces: typeof networkInterfaces;
  private known = new Set<string>();
  private until = -Infinity;

  constructor(clock: Clock, interfaces = networkInterfaces) {
    this.clock = clock;
    this.interfaces = interfaces;
  }

  has(address: string): boolean {
    const now = this.clock.now();
    if (now >= this.until) {
      this.known = new Set(
        Object.values(this.interfaces())
          .flatMap((addresses) => addresses ?? [])
          .map((one) => ipaddr.process(one.address).toString()),
      );
      this.until = now + KNOWN_MS;
    }
    return this.known.has(address);
  }
}
