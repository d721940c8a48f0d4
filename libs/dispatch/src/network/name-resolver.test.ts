import { hostname } from 'node:os';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { a, aaaa, always, NameServer } from '../../../../test/support/dns/name-server.ts';
import { bothFamilies, NameNotResolvedError, NameResolver, resolveWith } from './name-resolver.ts';
import { SystemNames } from './system-names.ts';

function dnsError(code: string): Error {
  return Object.assign(new Error(`queryA ${code}`), { code });
}

describe('NameResolver', () => {
  const clock = { time: 0, now: () => clock.time };

  it('remembers an answer for 5 s, and asks once for those who ask together', async () => {
    let asked = 0;
    const resolver = new NameResolver(clock, async () => [`192.0.2.${(asked += 1)}`]);
    const together = await Promise.all([resolver.addressesOf('a.test'), resolver.addressesOf('a.test')]);
    expect(together).toEqual([['192.0.2.1'], ['192.0.2.1']]);
    clock.time += 4_999;
    expect(await resolver.addressesOf('a.test')).toEqual(['192.0.2.1']);
    clock.time += 1;
    expect(await resolver.addressesOf('a.test')).toEqual(['192.0.2.2']);
  });

  it('remembers a failure for 1 s, and names its code', async () => {
    let asked = 0;
    const resolver = new NameResolver(clock, async () => {
      asked += 1;
      throw dnsError('ENOTFOUND');
    });
    const failure = async (): Promise<unknown> => resolver.addressesOf('b.test').catch((error: unknown) => error);
    expect(await failure()).toBeInstanceOf(NameNotResolvedError);
    expect(await failure()).toMatchObject({ message: expect.stringContaining('(ENOTFOUND)') });
    expect(asked).toBe(1);
    clock.time += 1_000;
    await failure();
    expect(asked).toBe(2);
  });

  it('knows localhost without asking', async () => {
    const resolver = new NameResolver(clock);
    expect(await resolver.addressesOf('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await resolver.addressesOf('a.LOCALHOST.')).toEqual(['127.0.0.1', '::1']);
  });
});

describe('resolveWith', () => {
  let names: NameServer;
  beforeAll(async () => {
    names = await NameServer.open();
    names.on('both.test', always(a('192.0.2.1'), aaaa('2001:db8::1')));
    names.on('neither.test', always());
  });
  afterAll(() => names.close());

  it('asks the given name servers, and these alone', async () => {
    const resolve = resolveWith([names.address]);
    expect(await resolve('Both.test.')).toEqual(['192.0.2.1', '2001:db8::1']);
    await expect(resolve('neither.test')).rejects.toThrow('ENODATA');
    await expect(resolve('unknown.test')).rejects.toThrow('ENOTFOUND');
    expect(names.asked('both.test', 'A')).toBe(1);
  });

  it('knows the names for this machine without asking', async () => {
    const resolve = resolveWith([names.address]);
    for (const name of ['localhost', 'LocalHost.', 'a.localhost', hostname(), `${hostname().toUpperCase()}.`]) {
      names.on(name.toLowerCase(), always(a('192.0.2.1')));
      expect([name, await resolve(name)]).toEqual([name, ['127.0.0.1', '::1']]);
    }
  });

  it('asks the system about what they do not have, unless too many wait for it', async () => {
    const asked: string[] = [];
    const system = new SystemNames(async (name) => {
      asked.push(name);
      return ['192.0.2.2'];
    });
    const resolve = resolveWith([names.address], system);
    expect(await resolve('both.test')).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(await resolve('neither.test')).toEqual(['192.0.2.2']);
    expect(await resolve('Unknown.test')).toEqual(['192.0.2.2']);
    expect(asked).toEqual(['neither.test', 'unknown.test']);
    Object.defineProperty(system, 'isBusy', { value: true });
    await expect(resolve('unknown.test')).rejects.toThrow('ENOTFOUND');
  });
});

describe('bothFamilies', () => {
  const never = new Promise<string[]>(() => {});

  it('puts IPv4 first', async () => {
    expect(await bothFamilies(Promise.resolve(['1.1.1.1']), Promise.resolve(['2606::1']))).toEqual([
      '1.1.1.1',
      '2606::1',
    ]);
  });

  it('does not wait long for a family that nobody answers for', async () => {
    expect(await bothFamilies(Promise.resolve(['1.1.1.1']), never)).toEqual(['1.1.1.1']);
    expect(await bothFamilies(never, Promise.resolve(['2606::1']))).toEqual(['2606::1']);
  });

  it('takes the family that has addresses, and fails when neither has', async () => {
    expect(await bothFamilies(Promise.reject(dnsError('ENODATA')), Promise.resolve(['2606::1']))).toEqual(['2606::1']);
    await expect(
      bothFamilies(Promise.reject(dnsError('ESERVFAIL')), Promise.reject(dnsError('ENODATA'))),
    ).rejects.toThrow('ESERVFAIL');
  });
});
