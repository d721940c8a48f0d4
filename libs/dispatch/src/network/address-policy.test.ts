import { describe, expect, it } from '@jest/globals';
import ipaddr from 'ipaddr.js';

import { AddressPolicy, type OwnAddresses } from './address-policy.ts';

interface Range {
  readonly name: string;
  /** Lowest and highest address. */
  readonly refused: readonly [string, string];
  /** The addresses just outside, as far as they are public. */
  readonly allowed: readonly string[];
}

const NONE: OwnAddresses = { has: () => false };
const policy = new AddressPolicy([], NONE);

/** Of https://www.iana.org/assignments/iana-ipv4-special-registry and the blocks for multicast and reserved use. */
const V4: readonly Range[] = [
  { name: 'this network', refused: ['0.0.0.0', '0.255.255.255'], allowed: ['1.0.0.0'] },
  { name: 'private 10/8', refused: ['10.0.0.0', '10.255.255.255'], allowed: ['9.255.255.255', '11.0.0.0'] },
  {
    name: 'shared (carrier NAT)',
    refused: ['100.64.0.0', '100.127.255.255'],
    allowed: ['100.63.255.255', '100.128.0.0'],
  },
  { name: 'loopback', refused: ['127.0.0.0', '127.255.255.255'], allowed: ['126.255.255.255', '128.0.0.0'] },
  { name: 'link-local', refused: ['169.254.0.0', '169.254.255.255'], allowed: ['169.253.255.255', '169.255.0.0'] },
  { name: 'private 172.16/12', refused: ['172.16.0.0', '172.31.255.255'], allowed: ['172.15.255.255', '172.32.0.0'] },
  { name: 'IETF protocols', refused: ['192.0.0.0', '192.0.0.255'], allowed: ['191.255.255.255', '192.0.1.0'] },
  { name: 'documentation 1', refused: ['192.0.2.0', '192.0.2.255'], allowed: ['192.0.1.255', '192.0.3.0'] },
  { name: 'AS112', refused: ['192.31.196.0', '192.31.196.255'], allowed: ['192.31.195.255', '192.31.197.0'] },
  { name: 'AMT', refused: ['192.52.193.0', '192.52.193.255'], allowed: ['192.52.192.255', '192.52.194.0'] },
  { name: '6to4 relays', refused: ['192.88.99.0', '192.88.99.255'], allowed: ['192.88.98.255', '192.88.100.0'] },
  {
    name: 'private 192.168/16',
    refused: ['192.168.0.0', '192.168.255.255'],
    allowed: ['192.167.255.255', '192.169.0.0'],
  },
  {
    name: 'AS112, delegated',
    refused: ['192.175.48.0', '192.175.48.255'],
    allowed: ['192.175.47.255', '192.175.49.0'],
  },
  { name: 'benchmarking', refused: ['198.18.0.0', '198.19.255.255'], allowed: ['198.17.255.255', '198.20.0.0'] },
  { name: 'documentation 2', refused: ['198.51.100.0', '198.51.100.255'], allowed: ['198.51.99.255', '198.51.101.0'] },
  { name: 'documentation 3', refused: ['203.0.113.0', '203.0.113.255'], allowed: ['203.0.112.255', '203.0.114.0'] },
  { name: 'multicast', refused: ['224.0.0.0', '239.255.255.255'], allowed: ['223.255.255.255'] },
  { name: 'reserved', refused: ['240.0.0.0', '255.255.255.254'], allowed: [] },
  { name: 'broadcast', refused: ['255.255.255.255', '255.255.255.255'], allowed: [] },
];

/** What is routed globally ends with 3fff::/20; every range outside it has neighbours that are refused as well. */
const REST = 'ffff:ffff:ffff:ffff:ffff:ffff';

/** Of https://www.iana.org/assignments/iana-ipv6-special-registry and the address space around it. */
const V6: readonly Range[] = [
  { name: 'unspecified', refused: ['::', '::'], allowed: [] },
  { name: 'loopback', refused: ['::1', '::1'], allowed: [] },
  { name: 'IPv4-compatible', refused: ['::0.0.0.2', '::255.255.255.255'], allowed: [] },
  { name: 'translated (SIIT)', refused: ['::ffff:0:0:0', '::ffff:0:255.255.255.255'], allowed: [] },
  { name: 'NAT64 beyond its prefix', refused: ['64:ff9b::1:0:0', `64:ff9b:0:ffff:ffff:ffff:ffff:ffff`], allowed: [] },
  { name: 'NAT64 of a network', refused: ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'], allowed: [] },
  { name: 'discard only', refused: ['100::', '100::ffff:ffff:ffff:ffff'], allowed: [] },
  { name: 'dummy prefix', refused: ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'], allowed: [] },
  { name: 'below the global ones', refused: ['200::', `1fff:ffff:${REST}`], allowed: ['2000::'] },
  { name: 'IETF protocols', refused: ['2001::', `2001:1ff:${REST}`], allowed: [`2000:ffff:${REST}`, '2001:200::'] },
  { name: 'Teredo', refused: ['2001::', `2001:0:${REST}`], allowed: [] },
  { name: 'PCP, TURN and SRP anycast', refused: ['2001:1::1', '2001:1::3'], allowed: [] },
  { name: 'benchmarking', refused: ['2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff'], allowed: [] },
  { name: 'AMT', refused: ['2001:3::', `2001:3:${REST}`], allowed: [] },
  { name: 'AS112', refused: ['2001:4:112::', '2001:4:112:ffff:ffff:ffff:ffff:ffff'], allowed: [] },
  { name: 'ORCHID', refused: ['2001:10::', `2001:1f:${REST}`], allowed: [] },
  { name: 'ORCHIDv2', refused: ['2001:20::', `2001:2f:${REST}`], allowed: [] },
  { name: 'drone remote ids', refused: ['2001:30::', `2001:3f:${REST}`], allowed: [] },
  { name: 'documentation 1', refused: ['2001:db8::', `2001:db8:${REST}`], allowed: [`2001:db7:${REST}`, '2001:db9::'] },
  { name: '6to4', refused: ['2002::', `2002:ffff:${REST}`], allowed: [`2001:ffff:${REST}`, '2003::'] },
  {
    name: 'AS112, delegated',
    refused: ['2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
    allowed: ['2620:4f:7fff:ffff:ffff:ffff:ffff:ffff', '2620:4f:8001::'],
  },
  { name: 'documentation 2', refused: ['3fff::', `3fff:fff:${REST}`], allowed: [`3ffe:ffff:${REST}`, '3fff:1000::'] },
  { name: 'above the global ones', refused: ['4000::', `5eff:ffff:${REST}`], allowed: [`3fff:ffff:${REST}`] },
  { name: 'segment routing', refused: ['5f00::', `5f00:ffff:${REST}`], allowed: [] },
  { name: 'never assigned', refused: ['6000::', `fbff:ffff:${REST}`], allowed: [] },
  { name: 'unique local', refused: ['fc00::', `fdff:ffff:${REST}`], allowed: [] },
  { name: 'between', refused: ['fe00::', `fe7f:ffff:${REST}`], allowed: [] },
  { name: 'link-local', refused: ['fe80::', `febf:ffff:${REST}`], allowed: [] },
  { name: 'site-local', refused: ['fec0::', `feff:ffff:${REST}`], allowed: [] },
  { name: 'multicast', refused: ['ff00::', `ffff:ffff:${REST}`], allowed: [] },
];

/** How an IPv4 address looks inside IPv6 forms that are judged as that address. */
const STANDS_FOR_V4 = ['::ffff:', '64:ff9b::'];

describe('AddressPolicy', () => {
  it.each([...V4, ...V6])('ends where the range ends: $name', ({ refused, allowed }) => {
    for (const address of refused) expect([address, policy.allows(address)]).toEqual([address, false]);
    for (const address of allowed) expect([address, policy.allows(address)]).toEqual([address, true]);
  });

  it.each(V4)('judges an address that is mapped or translated as what it stands for: $name', ({ refused, allowed }) => {
    for (const prefix of STANDS_FOR_V4) {
      for (const address of refused)
        expect([prefix + address, policy.allows(prefix + address)]).toEqual([prefix + address, false]);
      for (const address of allowed)
        expect([prefix + address, policy.allows(prefix + address)]).toEqual([prefix + address, true]);
    }
  });

  it.each(['1.1.1.1', '93.184.215.14', '2606:4700::1111', '2a00:1450:4001::200e', '::ffff:808:808'])(
    'allows %s',
    (address) => expect(policy.allows(address)).toBe(true),
  );

  it.each([
    '',
    'localhost',
    'fe80::1%eth0',
    '::1%lo',
    '::ffff:127.0.0.1%1',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '134744072',
    '8.8.8.8 ',
    '::8.8.8.8',
    '::808:808',
    '2606:4700::1111%eth0',
  ])('refuses "%s"', (text) => expect(policy.allows(text)).toBe(false));

  it("refuses this machine's own addresses", () => {
    const own = new AddressPolicy([], { has: (address) => ['5.5.5.5', '2a00::5'].includes(address) });
    expect(['5.5.5.5', '::ffff:5.5.5.5', '64:ff9b::5.5.5.5', '2a00:0::5'].map((one) => own.allows(one))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(['5.5.5.6', '2a00::6'].map((one) => own.allows(one))).toEqual([true, true]);
  });

  it('allows what the operator names, and nothing besides', () => {
    const ranges = ['10.1.0.0/16', 'fd00::/8', '5.5.5.5/32'].map((range) => ipaddr.parseCIDR(range));
    const exempt = new AddressPolicy(ranges, { has: (address) => address === '5.5.5.5' });
    expect(exempt.allows('10.1.2.3')).toBe(true);
    expect(exempt.allows('::ffff:10.1.2.3')).toBe(true);
    expect(exempt.allows('64:ff9b::10.1.2.3')).toBe(true);
    expect(exempt.allows('10.2.0.1')).toBe(false);
    expect(exempt.allows('::10.1.2.3')).toBe(false);
    expect(exempt.allows('2002:a01:203::1')).toBe(false);
    expect(exempt.allows('fd00::1')).toBe(true);
    expect(exempt.allows('fc00::1')).toBe(false);
    expect(exempt.allows('127.0.0.1')).toBe(false);
    expect(exempt.allows('5.5.5.5')).toBe(true);
  });
});
