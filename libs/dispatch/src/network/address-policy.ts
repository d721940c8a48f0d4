import type { Cidr } from '#libs/runtime';
import ipaddr from 'ipaddr.js';

/** IPv6 addresses that are routed globally lie here (RFC 4291, IANA IPv6 address space). */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Ranges of the IANA special-purpose registries that the library takes for ordinary addresses. */
const SPECIAL: readonly Cidr[] = [
  '192.0.0.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
].map((range) => ipaddr.parseCIDR(range));

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
  if (address instanceof ipaddr.IPv6 && !address.match(GLOBAL_UNICAST_V6)) return false;
  return !SPECIAL.some((range) => within(address, range));
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
