import { describe, expect, it } from '@jest/globals';
import ipaddr from 'ipaddr.js';

import { AddressPolicy } from './address-policy.ts';

describe('AddressPolicy', () => {
  const policy = new AddressPolicy([]);

  it.each([
    ['this network', '0.0.0.0'],
    ['this network, last', '0.255.255.255'],
    ['private 10/8', '10.0.0.1'],
    ['private 172.16/12, first', '172.16.0.0'],
    ['private 172.16/12, last', '172.31.255.255'],
    ['private 192.168/16', '192.168.1.1'],
    ['carrier NAT, first', '100.64.0.0'],
    ['carrier NAT, last', '100.127.255.255'],
    ['loopback', '127.0.0.1'],
    ['loopback, last', '127.255.255.255'],
    ['link-local: cloud metadata', '169.254.169.254'],
    ['IETF protocol assignments', '192.0.0.8'],
    ['documentation 1', '192.0.2.1'],
    ['AS112', '192.31.196.1'],
    ['AMT', '192.52.193.1'],
    ['6to4 relay', '192.88.99.1'],
    ['IETF protocol assignments, last', '192.0.0.255'],
    ['AS112 delegation', '192.175.48.1'],
    ['benchmarking', '198.18.0.1'],
    ['benchmarking, last', '198.19.255.255'],
    ['documentation 2', '198.51.100.1'],
    ['documentation 3', '203.0.113.1'],
    ['multicast', '224.0.0.1'],
    ['multicast, last', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified v6', '::'],
    ['loopback v6', '::1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped private, in hex', '::ffff:a00:1'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64 local', '64:ff9b:1::1'],
    ['discard only', '100::1'],
    ['dummy', '100:0:0:1::1'],
    ['Teredo', '2001::1'],
    ['benchmarking v6', '2001:2::1'],
    ['AMT v6', '2001:3::1'],
    ['AS112 v6', '2001:4:112::1'],
    ['ORCHID', '2001:10::1'],
    ['ORCHIDv2', '2001:20::1'],
    ['drone remote id', '2001:30::1'],
    ['IETF protocol assignments v6, last', '2001:1ff:ffff::1'],
    ['documentation v6', '2001:db8::1'],
    ['6to4 of a private address', '2002:a00:1::1'],
    ['AS112 delegation v6', '2620:4f:8000::1'],
    ['documentation v6, new', '3fff::1'],
    ['segment routing', '5f00::1'],
    ['unique local, first', 'fc00::1'],
    ['unique local', 'fd12:3456:789a::1'],
    ['link-local v6', 'fe80::1'],
    ['link-local v6 with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast v6', 'ff02::1'],
    ['outside the global unicast space', '4000::1'],
    ['not an address', 'localhost'],
    ['nothing', ''],
  ])('refuses %s (%s)', (_name, address) => {
    expect(policy.allows(address)).toBe(false);
  });

  it.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0'])(
    'allows %s',
    (address) => {
      expect(policy.allows(address)).toBe(true);
    },
  );

  it.each(['192.167.255.255', '223.255.255.255', '2606:4700::1111', '2a00:1450:4001::200e', '::ffff:8.8.8.8'])(
    'allows %s',
    (address) => {
      expect(policy.allows(address)).toBe(true);
    },
  );

  it('allows what the operator names, and nothing besides', () => {
    const exempt = new AddressPolicy([ipaddr.parseCIDR('10.1.0.0/16'), ipaddr.parseCIDR('fd00::/8')]);
    expect(exempt.allows('10.1.2.3')).toBe(true);
    expect(exempt.allows('::ffff:10.1.2.3')).toBe(true);
    expect(exempt.allows('10.2.0.1')).toBe(false);
    expect(exempt.allows('fd00::1')).toBe(true);
    expect(exempt.allows('fc00::1')).toBe(false);
    expect(exempt.allows('127.0.0.1')).toBe(false);
  });
});
