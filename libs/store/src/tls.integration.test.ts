import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '#libs/domain';

import { LOOPBACK, makeAuthority } from '../../../test/support/certificates/authority.ts';
import { listen } from '../../../test/support/listen.ts';
import { Store } from './store.ts';

/** The real database, behind a server that speaks TLS and asks for a certificate. */
let server: Server;
let port = 0;
let folder = '';
const sockets = new Set<Socket>();

beforeAll(async () => {
  const database = new URL(process.env['MONGODB_URI'] ?? '');
  folder = await mkdtemp(join(tmpdir(), 'webhook-mongodb-tls-'));
  const authority = await makeAuthority();
  const [own, client] = await Promise.all([
    authority.issue(LOOPBACK),
    authority.issue({ ...LOOPBACK, holder: 'client' }),
  ]);
  await writeFile(join(folder, 'ca.pem'), authority.caPem);
  await writeFile(join(folder, 'client.pem'), client.key + client.cert);
  const options = { ...own, ca: authority.caPem, requestCert: true, rejectUnauthorized: true };
  server = createServer(options, (secured) => {
    const behind = connect({ host: database.hostname, port: Number(database.port) });
    for (const socket of [secured, behind]) {
      sockets.add(socket);
      socket.on('error', () => [secured, behind].forEach((each) => each.destroy()));
    }
    secured.pipe(behind).pipe(secured);
  });
  port = await listen(server);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await rm(folder, { recursive: true });
});

const pinged = async (settings: string): Promise<unknown> => {
  const store = new Store({ uri: `mongodb://127.0.0.1:${port}/tls?directConnection=true&${settings}` });
  try {
    return await store.ping().catch((error: unknown) => error);
  } finally {
    await store.close();
  }
};
const file = (name: string): string => encodeURIComponent(join(folder, name));

describe('MongoDB with TLS', () => {
  it('is reached with an authority and a certificate that MONGODB_URI names', async () => {
    const settings = `tls=true&tlsCAFile=${file('ca.pem')}&tlsCertificateKeyFile=${file('client.pem')}`;
    expect(await pinged(settings)).toBeUndefined();
  });

  it.each([
    ['its authority is not known', () => `tls=true&tlsCertificateKeyFile=${file('client.pem')}`],
    ['it gets no certificate', () => `tls=true&tlsCAFile=${file('ca.pem')}`],
    ['TLS is not spoken', () => 'tls=false'],
  ])('is not reached when %s', async (_name, settings) => {
    expect(await pinged(settings())).toBeInstanceOf(UnavailableError);
  });
});
