import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';

import { lose } from '../../../libs/store/testing/database-copy.ts';
import { documented } from '../../support/operations/documented.ts';
import { Operator } from '../../support/operations/operator.ts';
import { eventually } from '../../support/world/eventually.ts';
import { listAll } from '../../support/world/listing.ts';
import { type TestCustomer, World } from '../../support/world/world.ts';

const APPS = ['config', 'delivery', 'retry', 'ledger'] as const;

let world: World;
let operator: Operator;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: '1s,3s' }, [...APPS]);
  operator = await Operator.with(world.env);
  customer = await world.customer();
});
afterAll(async () => {
  await operator.close();
  await world.close();
});

async function produced(): Promise<string> {
  const event = world.sample('call_hangup', customer.id);
  await world.produce(event);
  return event.id;
}

const attempts = (id: string): Promise<string[]> =>
  listAll<{ event_id: string }>(customer.http, `webhooks/${id}/attempts`).then((all) =>
    all.map(({ event_id }) => event_id).toSorted(),
  );

it('a database that was lost is restored: keys open, signatures verify, nothing is missing that came since the backup', async () => {
  const [backup = '', restore = '', rewind = '', caughtUp = ''] = await documented('Back up and restore MongoDB');
  const { id, secret } = await customer.webhook('/restored', ['call_hangup']);
  const ids = [await produced()];
  await world.receiver.waitFor('/restored', 1);
  await eventually(
    () => attempts(id),
    (all) => all.length === 1,
  );
  await operator.run(backup);

  ids.push(await produced());
  await world.receiver.waitFor('/restored', 2);
  await eventually(
    () => attempts(id),
    (all) => all.length === 2,
  );
  await Promise.all(APPS.map((name) => world.app(name).stop()));
  await lose(world.env['MONGODB_URI'] ?? '');
  ids.push(await produced());

  await operator.run(restore);
  await operator.run(rewind);
  await Promise.all(APPS.map((name) => world.app(name).start()));
  await Promise.all(APPS.map((name) => world.app(name).ready()));
  await operator.until(caughtUp, '0');

  ids.push(await produced());
  const requests = await world.receiver.waitFor('/restored', 4);
  expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual(ids);
  for (const { headers, body } of requests) {
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      String(headers[name]),
    ]);
    expect(() => new Verifier(secret).verify(body, Object.fromEntries(signed))).not.toThrow();
  }
  const found = await eventually(
    () => attempts(id),
    (all) => all.length >= 4,
  );
  expect(found).toEqual(ids.toSorted());
});
