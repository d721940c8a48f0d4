import { describe, expect, it } from '@jest/globals';

import { bothFamilies, NameNotResolvedError, NameResolver } from './name-resolver.ts';

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
