import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { a, always, inTurn } from '../support/dns/name-server.ts';
import { Trap } from '../support/hostile/trap.ts';
import { Receiver } from '../support/world/receiver.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

const PUBLIC = '8.8.8.8';

let proxy: Trap;
let plain: Receiver;
let world: World;

beforeAll(async () => {
  [proxy, plain] = await Promise.all([Trap.set(), Receiver.open()]);
  const address = `http://127.0.0.1:${proxy.port}`;
  const variables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [
    [name, address],
    [name.toLowerCase(), address],
  ]);
  world = await World.open({
    ...Object.fromEntries(variables),
    NODE_USE_ENV_PROXY: '1',
    // Kafka, the registry and MongoDB are there; endpoints are named localhost.
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
    ALLOW_HTTP_ENDPOINTS: 'true',
    RETRY_SCHEDULE: '200ms',
  });
  world.names.on('private.test', always(a('10.0.0.1'), a('192.168.0.1')));
  world.names.on('public.test', always(a(PUBLIC)));
});

afterAll(async () => {
  await world.close();
  await Promise.all([proxy.close(), plain.close()]);
});

const REFUSED: ReadonlyArray<readonly [url: string, message: string]> = [
  [
    'https://10.0.0.1/',
    'must lead to a public address, which 10.0.0.1 does not; use a host that can be reached from the internet',
  ],
  [
    'https://0xa000001/',
    'must lead to a public address, which 10.0.0.1 does not; use a host that can be reached from the internet',
  ],
  [
    'https://[::1]/',
    'must lead to a public address, which ::1 does not; use a host that can be reached from the internet',
  ],
  [
    'https://private.test/',
    'must lead to a public address, which private.test does not; use a host that can be reached from the internet',
  ],
  ['https://public.test:25/', 'must not use port 25; use 443 or one from 1024 on'],
];

function webhookAt(customer: TestCustomer, url: string): Promise<{ id: string; url: string }> {
  return customer.http.post('webhooks', { json: { url, event_types: ['call_hangup'] } }).json();
}

describe('the URL of a webhook', () => {
  it.each(REFUSED)('cannot be %s', async (url, message) => {
    const customer = await world.customer();
    const json = { url, event_types: ['call_hangup'] };
    const { statusCode, body } = await customer.http.post('webhooks', { json });
    expect([statusCode, body]).toMatchObject([400, { error: { details: [{ field: 'url', message }] } }]);
    const { id } = await webhookAt(customer, 'https://public.test/');
    const changed = await customer.http.patch(`webhooks/${id}`, { json: { url } });
    expect([changed.statusCode, changed.body]).toMatchObject([
      400,
      { error: { details: [{ field: 'url', message }] } },
    ]);
  });

  it('may have a host whose name does not exist yet', async () => {
    const customer = await world.customer();
    const { id } = await webhookAt(customer, 'https://not-there-yet.test/');
    expect(id).toEqual(expect.any(String));
  });
});

describe('a delivery', () => {
  it('goes to nothing that its name was changed to after registration', async () => {
    const customer = await world.customer();
    world.names.on('rebinding.test', inTurn([a(PUBLIC)], [a('10.0.0.1')]));
    const { id } = await webhookAt(customer, 'https://rebinding.test/');
    const deadLetters = await world.watch('webhook-dead-letters');
    await world.produce(world.sample('call_hangup', customer.id));
    const letter = await deadLetters.next((record) => record.key?.toString() === id);
    expect(String(letter.headers['delivery-last-error'])).toBe('address_refused');
  });

  it('uses no proxy, whatever the environment says', async () => {
    const script = `fetch('${plain.origin}/control').catch(() => {})`;
    const client = spawn(process.execPath, ['-e', script], { env: world.env });
    await once(client, 'close');
    const noticed = proxy.connections;
    expect([noticed > 0, plain.received('/control').length]).toEqual([true, 0]);

    const customer = await world.customer();
    await customer.webhook('/direct', ['call_hangup']);
    await webhookAt(customer, `${plain.origin}/direct`);
    world.receiver.on('/direct', { kind: 'fail_first', failures: 1, status: 500 });
    await world.produce(world.sample('call_hangup', customer.id));
    await Promise.all([world.receiver.waitFor('/direct', 2), plain.waitFor('/direct', 1)]);
    expect(proxy.connections).toBe(noticed);
  });
});
