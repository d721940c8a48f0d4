import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '#libs/domain';
import type { Environment } from '#libs/runtime';

import { originOf } from '../connections/opening.ts';
import { AddressPolicy } from './address-policy.ts';
import { HostAddresses } from './host-addresses.ts';
import { NameNotResolvedError, NameResolver, resolveWith } from './name-resolver.ts';
import { PortPolicy } from './port-policy.ts';

/** Whether a webhook may point to a URL, as things are now. */
export type EndpointVerdict =
  | { readonly kind: 'allowed' }
  /** The host name has no address at the moment, or none was found in time. */
  | { readonly kind: 'unresolved' }
  | { readonly kind: 'port_refused'; readonly port: number }
  /** The host is an address that is refused, or a name that leads only to such addresses. */
  | { readonly kind: 'address_refused'; readonly host: string };

const LIMIT_MS = 2_000;

/** Judges endpoints before anything is sent to them. The verdict is advice: every connection is judged anew when it is made. */
export class EndpointCheck {
  private readonly addresses: AddressPolicy;
  private readonly ports: PortPolicy;
  private readonly resolver: NameResolver;

  constructor(given: { addresses: AddressPolicy; ports: PortPolicy; resolver: NameResolver }) {
    this.addresses = given.addresses;
    this.ports = given.ports;
    this.resolver = given.resolver;
  }

  /** Takes at most 2 s. */
  async judge(url: URL): Promise<EndpointVerdict> {
    const { hostname, port } = originOf(url);
    if (!this.ports.allows(port)) return { kind: 'port_refused', port };
    const addresses = isIP(hostname) === 0 ? await this.addressesOf(hostname) : [hostname];
    if (addresses.length === 0) return { kind: 'unresolved' };
    if (addresses.some((address) => this.addresses.allows(address))) return { kind: 'allowed' };
    return { kind: 'address_refused', host: hostname };
  }

  private async addressesOf(hostname: string): Promise<readonly string[]> {
    const found = new AbortController();
    try {
      return await Promise.race([
        this.resolver.addressesOf(hostname),
        sleep<readonly string[]>(LIMIT_MS, [], { signal: found.signal }),
      ]);
    } catch (error) {
      if (error instanceof NameNotResolvedError) return [];
      throw error;
    } finally {
      found.abort();
    }
  }
}

/** The check by the rules that the environment describes. */
export function endpointCheckFor(environment: Environment, clock: Clock): EndpointCheck {
  return new EndpointCheck({
    addresses: new AddressPolicy(environment.ALLOWED_NETWORKS, new HostAddresses(clock)),
    ports: new PortPolicy(environment.ALLOWED_PORTS, environment.ALLOW_HTTP_ENDPOINTS),
    resolver: new NameResolver(clock, resolveWith(environment.DNS_SERVERS)),
  });
}
