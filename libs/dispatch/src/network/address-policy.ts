import { isIP } from 'node:net';

import type { Cidr } from '#libs/runtime';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** IPv6 addresses that are routed globally lie here (IANA IPv6 address space); the library takes those outside for ordinary ones. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** A gateway sends these on to the IPv4 address in their last 32 bits (RFC 6052, section 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
const V4_BYTES = 4;

/** Knows the addresses of the machine that this process runs on, in their usual spelling. */
export interface OwnAddresses {
  has(address: string): boolean;
}

/**
 * Says which addresses webhooks may point to: the globally routable ones but this machine's own, and those that the operator names. An
 * address that stands for an IPv4 one (mapped, or well-known NAT64) is judged as that; every other translated form is refused.
 */
export class AddressPolicy {
  private readonly allowed: readonly Cidr[];
  private readonly own: OwnAddresses;

  /** @param allowed ranges exempt from the block. */
  constructor(allowed: readonly Cidr[], own: OwnAddresses) {
    this.allowed = allowed;
    this.own = own;
  }

  /** Whether a connection to this address may be made. Text that is not an address in its usual spelling, or names a zone, is refused. */
  allows(text: string): boolean {
    const address = parse(text);
    return address !== undefined && this.judge(address);
  }

  private judge(address: Address): boolean {
    if (this.allowed.some((range) => within(address, range))) return true;
    if (within(address, NAT64)) return this.judge(lastBytesOf(address));
    return isGlobal(address) && !this.own.has(address.toString());
  }
}

/** The library takes `::a.b.c.d` for `::ffff:a.b.c.d`, so it gets IPv6 addresses as URLs write them: in hexadecimal, and without a zone. */
function parse(text: string): Address | undefined {
  if (isIP(text) === 4) return ipaddr.IPv4.parse(text);
  const host = isIP(text) === 6 ? URL.parse(`http://[${text}]`)?.hostname : undefined;
  return host === undefined ? undefined : ipaddr.process(host.slice(1, -1));
}

function isGlobal(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST_V6);
}

function within(address: Address, [network, bits]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function lastBytesOf(address: Address): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(-V4_BYTES));
}
