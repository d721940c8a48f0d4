import type { Cidr } from '#libs/runtime';
import ipaddr from 'ipaddr.js';

/** IPv6 addresses that are routed globally lie here (IANA IPv6 address space); the library takes those outside for ordinary ones. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Says which addresses webhooks may point to: the globally routable ones, and those that the operator names. */
export class AddressPolicy {
  private readonly allowed: readonly Cidr[];

  /** @param allowed ranges exempt from the block. */
  constructor(allowed: readonly Cidr[]) {
    this.allowed = allowed;
  }

  /** Whether a connection to this address may be made. Text that is not an address is refused. */
  allows(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return this.allowed.some((range) => within(address, range)) || isGlobal(address);
  }
}

function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST_V6);
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
