import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import { type Dispatcher, dispatcherFor, endpointCheckFor } from '#libs/dispatch';
import { type Environment, readEnvironment, SecretBox } from '#libs/runtime';

import { requestTo } from '../../../../libs/dispatch/testing/dispatching.ts';
import { a, aaaa, always, inTurn, NameServer } from '../../../../test/support/dns/name-server.ts';
import { HOSTILE_NAMES, HOSTILE_URLS, REBINDING_NAMES } from '../../../../test/support/hostile/hostile-urls.ts';
import { OpenedSockets } from '../../../../test/support/hostile/opened-sockets.ts';
import { Trap } from '../../../../test/support/hostile/trap.ts';
import { type Receiver, redirect, startReceiver } from '../../../../test/support/receiver/index.ts';
import { ApiError } from '../http/api-error.ts';
import { Endpoints } from './endpoints.ts';
import { urlProblem } from './fields/endpoint-url.ts';

const key = randomBytes(32);
const sealed = new SecretBox([key]).seal(randomBytes(32));
const PUBLIC = '8.8.8.8';

let names: NameServer;
let trap: Trap;
let sockets: OpenedSockets;
let strict: Dispatcher;
const open: Array<{ close(): Promise<void> }> = [];

function environmentWith(settings: Record<string, string> = {}): Environment {
  return readEnvironment({
    KAFKA_BROKERS: 'kafka:9092',
    SCHEMA_REGISTRY_URL: 'http://registry',
    MONGODB_URI: 'mongodb://db',
    SECRETS_KEY: key.toString('base64'),
    DELIVERY_TIMEOUT_MS: '1000',
    ALLOW_HTTP_ENDPOINTS: 'true',
    DNS_SERVERS: names.address,
    ...settings,
  });
}

/** What registration says about a URL; undefined when nothing. */
async function registration(url: string, settings?: Record<string, string>): Promise<string | undefined> {
  const environment = environmentWith(settings);
  const form = urlProblem(url, environment.ALLOW_HTTP_ENDPOINTS);
  if (form !== undefined) return form;
  try {
    await new Endpoints(endpointCheckFor(environment, systemClock)).expectAllowed(url);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.details.map(({ field, message }) => `${field}: ${message}`).join();
    throw error;
  }
}

function dispatcherWith(settings?: Record<string, string>, clock = systemClock): Dispatcher {
  const dispatcher = dispatcherFor(environmentWith(settings), clock);
  open.push(dispatcher);
  return dispatcher;
}

/** What comes of a webhook that has a URL, however it got it. */
async function attempt(url: string, dispatcher = strict): Promise<string> {
  const { outcome } = await dispatcher.attemptOnce(requestTo(url, { secrets: [{ sealed }] }));
  return outcome.kind === 'failed' ? outcome.error : outcome.kind;
}

async function receiverAt(host: string, port?: number): Promise<Receiver> {
  const receiver = await startReceiver({ host, ...(port === undefined ? {} : { port }) });
  open.push(receiver);
  return receiver;
}

beforeAll(async () => {
  names = await NameServer.open();
  trap = await Trap.set();
  sockets = new OpenedSockets();
  strict = dispatcherFor(environmentWith(), systemClock);
  names.on('public.hostile.test', always(a(PUBLIC)));
});
beforeEach(() => sockets.clear());
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
afterAll(async () => {
  sockets.stop();
  await strict.close();
  await trap.close();
  await names.close();
});

describe('what the other tests rely on', () => {
  it.each(['127.0.0.1', '127.0.0.2', '[::1]', '0.0.0.0'])('a connection to %s is noticed twice', async (host) => {
    const before = trap.connections;
    const everywhere = { ALLOWED_NETWORKS: '0.0.0.0/0,::/0' };
    expect(await attempt(`http://${host}:${trap.port}/`, dispatcherWith(everywhere))).toBe('connection_closed');
    expect(trap.connections).toBe(before + 1);
    expect(sockets.targets).toEqual([`${host.replace(/[[\]]/g, '')}:${trap.port}`]);
  });

  it('an answer of the name server is used', async () => {
    const receiver = await receiverAt('127.0.0.1');
    names.on('fine.test', always(a('127.0.0.1')));
    const here = { ALLOWED_NETWORKS: '127.0.0.1/32' };
    expect(await registration(`http://fine.test:${receiver.port}/`, here)).toBeUndefined();
    expect(await attempt(`http://fine.test:${receiver.port}/`, dispatcherWith(here))).toBe('delivered');
  });
});

describe('a hostile URL is refused, and nothing is connected to', () => {
  beforeEach(() => {
    trap.connections = 0;
  });
  afterEach(() => {
    expect({ accepted: trap.connections, opened: sockets.targets }).toEqual({ accepted: 0, opened: [] });
  });

  it('in more than 150 ways', () => {
    expect(new Set(HOSTILE_URLS.map(({ url }) => url)).size).toBe(HOSTILE_URLS.length);
    expect(HOSTILE_URLS.length + HOSTILE_NAMES.length + REBINDING_NAMES.length).toBeGreaterThan(150);
  });

  it.each(HOSTILE_URLS.map((hostile) => ({ ...hostile, title: JSON.stringify(hostile.url) })))(
    '$title',
    async ({ url: template, registration: expected, attempt: error }) => {
      const url = template.replace('{port}', String(trap.port));
      expect((await registration(url))?.replace('url: ', '')).toMatch(expected);
      expect(await attempt(url)).toBe(error);
    },
  );

  it.each(HOSTILE_NAMES)('%s.hostile.test', async (name, behaviour) => {
    for (const host of [`${name}.hostile.test`, `${name.toUpperCase()}.Hostile.Test.`]) {
      names.on(`${name}.hostile.test`, behaviour);
      const url = `http://${host}:${trap.port}/`;
      expect(await registration(url)).toMatch(/^url: must lead to a public address, which \S+ does not; use a host/);
      expect(await attempt(url)).toBe('address_refused');
    }
  });

  it.each(REBINDING_NAMES)('%s.hostile.test, registered while it was public', async (name, behaviour) => {
    names.on(`${name}.hostile.test`, behaviour);
    const url = `http://${name}.hostile.test:${trap.port}/`;
    expect(await registration(url)).toBeUndefined();
    expect(await attempt(url)).toBe('address_refused');
    expect(await registration(url)).toMatch(/^url: must lead to a public address/);
  });

  it('port 80 where http is not allowed, and one that was exempt at registration only', async () => {
    const httpsOnly = { ALLOW_HTTP_ENDPOINTS: 'false' };
    expect(await registration('https://public.hostile.test:80/', httpsOnly)).toMatch(/^url: must not use port 80/);
    expect(await attempt('https://public.hostile.test:80/', dispatcherWith(httpsOnly))).toBe('address_refused');
    const url = 'https://public.hostile.test:25/';
    expect(await registration(url, { ALLOWED_PORTS: '25' })).toBeUndefined();
    expect(await attempt(url)).toBe('address_refused');
  });

  it('an address that was exempt at registration only', async () => {
    const url = `http://127.0.0.1:${trap.port}/`;
    expect(await registration(url, { ALLOWED_NETWORKS: '127.0.0.0/8' })).toBeUndefined();
    expect(await attempt(url)).toBe('address_refused');
  });
});

describe('a redirect', () => {
  it.each([300, 301, 302, 303, 307, 308])('with %i is a failure, wherever it leads', async (status) => {
    const receiver = await receiverAt('127.0.0.2');
    const dispatcher = dispatcherWith({ ALLOWED_NETWORKS: '127.0.0.0/8' });
    const targets = [`http://127.0.0.1:${trap.port}/`, `http://[::1]:${trap.port}/`, receiver.url('/other'), '/other'];
    const before = trap.connections;
    for (const location of targets) {
      receiver.on('/', redirect(location, status));
      expect(await attempt(receiver.url('/'), dispatcher)).toBe('redirect');
    }
    expect([receiver.received('/').length, receiver.received('/other').length]).toEqual([4, 0]);
    expect(trap.connections).toBe(before);
    expect(new Set(sockets.targets)).toEqual(new Set([`127.0.0.2:${receiver.port}`]));
  });
});

describe('a name', () => {
  const here = { ALLOWED_NETWORKS: '127.0.0.2/32' };

  it('with good and bad addresses leads to the good ones alone, however it is asked', async () => {
    const receiver = await receiverAt('127.0.0.2');
    const bad = await receiverAt('127.0.0.3', receiver.port);
    const url = `http://mixed.test:${receiver.port}/`;
    for (const records of [
      [a('127.0.0.3'), a('10.0.0.1'), a('127.0.0.2')],
      [a('127.0.0.2'), a('127.0.0.3')],
      [aaaa('::1'), aaaa('fd00::1'), a('127.0.0.2')],
    ]) {
      names.on('mixed.test', always(...records));
      expect(await registration(url, here)).toBeUndefined();
      expect(await attempt(url, dispatcherWith(here))).toBe('delivered');
    }
    expect(new Set(sockets.targets)).toEqual(new Set([`127.0.0.2:${receiver.port}`]));
    expect([receiver.all().length, bad.connectionsAccepted]).toEqual([3, 0]);
  });

  it('is asked once for a connection, so that what was judged is what is connected to', async () => {
    const receiver = await receiverAt('127.0.0.2');
    const bad = await receiverAt('127.0.0.3', receiver.port);
    names.on('flips.test', (round) => [a(round % 2 === 0 ? '127.0.0.2' : '127.0.0.3')]);
    const clock = { time: Date.now(), now: () => clock.time };
    const url = `http://flips.test:${receiver.port}/`;
    const outcomes: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const asked = names.asked('flips.test', 'A');
      outcomes.push(await attempt(url, dispatcherWith(here, clock)));
      expect(names.asked('flips.test', 'A')).toBe(asked + 1);
    }
    expect(outcomes).toEqual(Array.from({ length: 3 }, () => ['delivered', 'address_refused']).flat());
    expect(new Set(sockets.targets)).toEqual(new Set([`127.0.0.2:${receiver.port}`]));
    expect(bad.connectionsAccepted).toBe(0);
  });

  it('that turns bad between two attempts of one worker is judged anew', async () => {
    const receiver = await receiverAt('127.0.0.2');
    const clock = { time: Date.now(), now: () => clock.time };
    const dispatcher = dispatcherWith(here, clock);
    names.on('turns.test', inTurn([a('127.0.0.2', 3_600)], [a('127.0.0.3', 3_600)]));
    const url = `http://turns.test:${receiver.port}/`;
    receiver.on('/', { kind: 'answer', status: 200, headers: { connection: 'close' }, body: '' });
    expect(await attempt(url, dispatcher)).toBe('delivered');
    clock.time += 5_000;
    expect(await attempt(url, dispatcher)).toBe('address_refused');
    expect(sockets.targets).toEqual([`127.0.0.2:${receiver.port}`]);
  });

  it('that does not exist, or whose servers do not answer, can be registered: it may come to be', async () => {
    names.on('silent.test', () => 'silent');
    const started = performance.now();
    expect(await registration('https://not-there-yet.test/')).toBeUndefined();
    expect(await registration('https://silent.test/')).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2_500);
  });

  it('whose servers do not answer holds up nobody else', async () => {
    names.on('silent.test', () => 'silent');
    names.on('quick.test', always(a(PUBLIC)));
    const environment = environmentWith();
    const endpoints = new Endpoints(endpointCheckFor(environment, systemClock));
    let waiting = 50;
    const slow = Array.from({ length: waiting }, (_, index) => {
      names.on(`${index}.silent.test`, () => 'silent');
      return endpoints.expectAllowed(`https://${index}.silent.test/`).finally(() => (waiting -= 1));
    });
    await endpoints.expectAllowed('https://quick.test/');
    expect(waiting).toBe(50);
    await Promise.all(slow);
  });
});
