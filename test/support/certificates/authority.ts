import 'reflect-metadata';

import { randomUUID, webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

/** A server certificate with its private key, both PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  /** Host names the certificate is for. */
  readonly names?: readonly string[];
  /** Addresses the certificate is for. */
  readonly ips?: readonly string[];
  /** When it stops being valid; in a day when absent. A time that has passed makes an expired certificate. */
  readonly notAfter?: Date;
  /** Who shows it; a server when absent. */
  readonly holder?: 'server' | 'client';
}

/** A throw-away certificate authority. */
export interface Authority {
  readonly caPem: string;
  issue(request: CertificateRequest): Promise<ServerCertificate>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const VALID_SINCE_MS = 30 * DAY_MS;

/** What nearly every test server needs: a certificate for `localhost` and both loopback addresses. */
export const LOOPBACK: CertificateRequest = { names: ['localhost'], ips: ['127.0.0.1', '::1'] };

/** Makes an authority; its keys live in this process only. */
export async function makeAuthority(): Promise<Authority> {
  const keys = await generateKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: `CN=Throw-away test authority ${randomUUID()}`,
      ...validity(undefined),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    },
    webcrypto,
  );
  return {
    caPem: ca.toString('pem'),
    async issue(request) {
      const server = await generateKeys();
      const cert = await x509.X509CertificateGenerator.create(
        {
          serialNumber: serialNumber(),
          subject: subjectOf(request),
          issuer: ca.subject,
          ...validity(request.notAfter),
          publicKey: server.publicKey,
          signingKey: keys.privateKey,
          signingAlgorithm: ALGORITHM,
          extensions: extensionsOf(request),
        },
        webcrypto,
      );
      return { cert: cert.toString('pem'), key: await pemOf(server.privateKey) };
    },
  };
}

/** A certificate that no authority vouches for. */
export async function makeSelfSigned(request: CertificateRequest): Promise<ServerCertificate> {
  const keys = await generateKeys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: subjectOf(request),
      ...validity(request.notAfter),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: extensionsOf(request),
    },
    webcrypto,
  );
  return { cert: cert.toString('pem'), key: await pemOf(keys.privateKey) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: ALGORITHM.name, namedCurve: ALGORITHM.namedCurve }, true, [
    'sign',
    'verify',
  ]);
}

function validity(notAfter: Date = new Date(Date.now() + DAY_MS)): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Math.min(notAfter.getTime(), Date.now()) - VALID_SINCE_MS), notAfter };
}

function subjectOf(request: CertificateRequest): string {
  return `CN=${request.names?.[0] ?? request.ips?.[0] ?? 'nobody'}`;
}

function extensionsOf({ names = [], ips = [], holder = 'server' }: CertificateRequest): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[`${holder}Auth`]]),
    new x509.SubjectAlternativeNameExtension([
      ...names.map((value) => ({ type: 'dns' as const, value })),
      ...ips.map((value) => ({ type: 'ip' as const, value })),
    ]),
  ];
}

/** Positive and never the same twice. */
function serialNumber(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex')}`;
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const lines = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
    .toString('base64')
    .match(/.{1,64}/g);
  return `-----BEGIN PRIVATE KEY-----\n${(lines ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`;
}
