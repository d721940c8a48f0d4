import { hostname } from 'node:os';

import { describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import ipaddr from 'ipaddr.js';

import { AddressPolicy } from './address-policy.ts';
import { EndpointCheck, type EndpointVerdict } from './endpoint-check.ts';
import { HostAddresses } from './host-addresses.ts';
import { NameResolver, type Resolve, resolveWith } from './name-resolver.ts';
import { PortPolicy } from './port-policy.ts';

function judge(url: string, resolve: Resolve): Promise<EndpointVerdict> {
  const allowed = ['10.1.0.0/16'].map((range) => ipaddr.parseCIDR(range));
  return new EndpointCheck({
    addresses: new AddressPolicy(allowed, new HostAddresses(systemClock)),
    ports: new PortPolicy([25], false),
    resolver: new NameResolver(systemClock, resolve),
  }).judge(new URL(url));
}

const never: Resolve = () => {
  throw new Error('was asked');
};

describe('EndpointCheck', () => {
  it('judges ports and addresses without asking anybody', async () => {
    expect(await judge('https://a.test:22/', never)).toEqual({ kind: 'port_refused', port: 22 });
    expect(await judge('https://8.8.8.8/', never)).toEqual({ kind: 'allowed' });
    expect(await judge('https://10.1.0.1:25/', never)).toEqual({ kind: 'allowed' });
    expect(await judge('https://167772161/', never)).toEqual({ kind: 'address_refused', host: '10.0.0.1' });
    expect(await judge('https://[::1]/', never)).toEqual({ kind: 'address_refused', host: '::1' });
  });

  it('refuses a name when all its addresses are refused', async () => {
    expect(await judge('https://a.test/', async () => ['10.0.0.1', '::1'])).toEqual({
      kind: 'address_refused',
      host: 'a.test',
    });
    expect(await judge('https://a.test/', async () => ['10.0.0.1', '10.1.0.1'])).toEqual({ kind: 'allowed' });
  });

  it('cannot tell of a name that has no address, or whose servers take longer than 2 s', async () => {
    const fails = judge('https://a.test/', async () => {
      throw Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    });
    expect(await fails).toEqual({ kind: 'unresolved' });
    const started = performance.now();
    expect(await judge('https://a.test/', () => new Promise(() => {}))).toEqual({ kind: 'unresolved' });
    expect(performance.now() - started).toBeGreaterThan(1_900);
    expect(performance.now() - started).toBeLessThan(2_500);
  });

  it("never allows this machine's own name", async () => {
    expect(await judge(`https://${hostname()}/`, resolveWith([]))).toMatchObject({ kind: 'address_refused' });
  });
});
