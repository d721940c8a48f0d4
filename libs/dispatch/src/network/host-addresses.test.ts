import { networkInterfaces } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import { HostAddresses } from './host-addresses.ts';

describe('HostAddresses', () => {
  const clock = { time: 0, now: () => clock.time };

  it('are those of every interface of this machine', () => {
    const own = new HostAddresses(clock);
    const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
    expect(addresses).toContain('127.0.0.1');
    for (const address of addresses) expect(own.has(address)).toBe(true);
    expect(own.has('1.1.1.1')).toBe(false);
  });

  it('are looked at again after 10 s', () => {
    const [interfaces] = Object.values(networkInterfaces());
    const [first] = interfaces ?? [];
    let address = '5.5.5.5';
    const own = new HostAddresses(clock, () => ({ eth0: [{ ...first!, address }] }));
    expect(own.has('5.5.5.5')).toBe(true);
    address = '5.5.5.6';
    clock.time += 9_999;
    expect([own.has('5.5.5.5'), own.has('5.5.5.6')]).toEqual([true, false]);
    clock.time += 1;
    expect([own.has('5.5.5.5'), own.has('5.5.5.6')]).toEqual([false, true]);
  });
});
