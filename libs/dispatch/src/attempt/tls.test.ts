import { createServer } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';

import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import {
  type Authority,
  LOOPBACK,
  makeAuthority,
  makeSelfSigned,
} from '../../../../test/support/certificates/authority.ts';
import { listen } from '../../../../test/support/listen.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../../../test/support/receiver/index.ts';
import { newDispatcher, requestTo } from '../../testing/dispatching.ts';
import { outcomeOf } from '../../testing/outcome-of.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Long enough that a machine busy with other tests does not reach it by itself. */
const LIMIT_MS = 2_000;

const open: Array<{ close(): Promise<void> }> = [];
let authority: Authority;

async function receiverWith(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver(options);
  open.push(receiver);
  return receiver;
}

function dispatcherWith(): Dispatcher {
  const dispatcher = newDispatcher({ timeoutMs: LIMIT_MS, extraCa: authority.caPem });
  open.push(dispatcher);
  return dispatcher;
}

beforeAll(async () => {
  authority = await makeAuthority();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('TLS', () => {
  it('is spoken with an endpoint whose authority the operator added', async () => {
    const receiver = await receiverWith({ certificate: await authority.issue(LOOPBACK) });
    const dispatcher = dispatcherWith();
    expect(await outcomeOf(dispatcher, requestTo(receiver.url('/')))).toMatchObject({ kind: 'delivered' });
    expect(await outcomeOf(dispatcher, requestTo(`https://127.0.0.1:${receiver.port}/`))).toMatchObject({
      kind: 'delivered',
    });
  });

  it('is spoken over the same connection for one request after the other', async () => {
    const receiver = await receiverWith({ certificate: await authority.issue(LOOPBACK) });
    const dispatcher = dispatcherWith();
    for (let count = 0; count < 20; count += 1) await dispatcher.attemptOnce(requestTo(receiver.url('/')));
    expect(receiver.connectionsAccepted).toBe(1);
  });

  it.each([
    [
      'a stranger vouches for',
      async () => (await makeAuthority()).issue(LOOPBACK),
      'unable to verify the first certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ],
    ['nobody vouches for', () => makeSelfSigned(LOOPBACK), 'self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)'],
    [
      'has expired',
      () => authority.issue({ ...LOOPBACK, notAfter: new Date(Date.now() - 60_000) }),
      'certificate has expired (CERT_HAS_EXPIRED)',
    ],
    [
      'is for another host',
      () => authority.issue({ names: ['elsewhere.test'] }),
      "the endpoint's certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID)",
    ],
  ])('is refused with a certificate that %s', async (_name, certificate, message) => {
    const receiver = await receiverWith({ certificate: await certificate() });
    const outcome = await outcomeOf(dispatcherWith(), requestTo(receiver.url('/')));
    expect(outcome).toMatchObject({ kind: 'failed', error: 'tls_failed', message });
    expect(receiver.all()).toHaveLength(0);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s is refused each time, also when a session could be resumed',
    async (maxVersion) => {
      const server = createSecureServer({ ...(await authority.issue({ names: ['elsewhere.test'] })), maxVersion });
      server.on('tlsClientError', () => {}).on('secureConnection', (socket) => socket.on('error', () => {}));
      const port = await listen(server);
      const dispatcher = dispatcherWith();
      const request = requestTo(`https://127.0.0.1:${port}/`);
      const outcomes = [];
      for (let time = 0; time < 3; time += 1) outcomes.push(await outcomeOf(dispatcher, request));
      server.close();
      expect(outcomes.map((outcome) => outcome.kind === 'failed' && outcome.message.includes('ALTNAME'))).toEqual([
        true,
        true,
        true,
      ]);
    },
  );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s resumes the session of an earlier connection', async (maxVersion) => {
    const resumed: boolean[] = [];
    const server = createSecureServer({ ...(await authority.issue(LOOPBACK)), maxVersion }, (socket) => {
      resumed.push(socket.isSessionReused());
      socket.on('error', () => {}).on('data', () => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n'));
    });
    const port = await listen(server);
    const dispatcher = dispatcherWith();
    const request = requestTo(`https://localhost:${port}/`);
    for (let time = 0; time < 2; time += 1) {
      expect(await outcomeOf(dispatcher, request)).toMatchObject({ kind: 'delivered' });
    }
    server.close();
    expect(resumed).toEqual([false, true]);
  });

  it('fails with its name against an endpoint that speaks plain HTTP', async () => {
    const receiver = await receiverWith();
    const outcome = await outcomeOf(dispatcherWith(), requestTo(`https://127.0.0.1:${receiver.port}/`));
    expect(outcome).toMatchObject({ kind: 'failed', error: 'tls_failed' });
  });

  it('is within the time limit, also when the handshake gets no answer', async () => {
    const silent = createServer();
    const port = await listen(silent);
    const outcome = await outcomeOf(dispatcherWith(), requestTo(`https://127.0.0.1:${port}/`));
    silent.close();
    expect(outcome).toMatchObject({ kind: 'failed', error: 'timeout' });
    expect(outcome.timing.totalMs).toBeLessThan(LIMIT_MS + 500);
  });
});
