import { X509Certificate } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { LOOPBACK, makeAuthority, makeSelfSigned } from './authority.ts';

describe('makeAuthority', () => {
  it('issues certificates that it vouches for, for the names and addresses asked', async () => {
    const authority = await makeAuthority();
    const issued = await authority.issue({ ...LOOPBACK, names: ['localhost', 'hooks.test'] });
    const certificate = new X509Certificate(issued.cert);
    expect(certificate.verify(new X509Certificate(authority.caPem).publicKey)).toBe(true);
    expect(certificate.checkHost('hooks.test')).toBe('hooks.test');
    expect(certificate.checkHost('elsewhere.test')).toBeUndefined();
    expect(certificate.checkIP('::1')).toBeDefined();
    expect(issued.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(certificate.verify(new X509Certificate((await makeAuthority()).caPem).publicKey)).toBe(false);
  });

  it('issues certificates that have expired', async () => {
    const issued = await (await makeAuthority()).issue({ ...LOOPBACK, notAfter: new Date(Date.now() - 60_000) });
    const { validFromDate, validToDate } = new X509Certificate(issued.cert);
    expect(validToDate.getTime()).toBeLessThan(Date.now());
    expect(validFromDate.getTime()).toBeLessThan(validToDate.getTime());
  });
});

it('makeSelfSigned makes a certificate that vouches for itself', async () => {
  const certificate = new X509Certificate((await makeSelfSigned(LOOPBACK)).cert);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.issuer).toBe(certificate.subject);
});
