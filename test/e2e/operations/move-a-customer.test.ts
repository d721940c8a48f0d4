import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';

import { documented } from '../../support/operations/documented.ts';
import { Operator } from '../../support/operations/operator.ts';
import { World } from '../../support/world/world.ts';

let here: World;
let there: World;
let operator: Operator;

beforeAll(async () => {
  here = await World.open({ RETRY_SCHEDULE: '1s,15s' });
  const own = Buffer.alloc(32, 7).toString('base64');
  // The endpoints are those of the first world, under its authority.
  const shared = { EXTRA_CA_FILE: here.env['EXTRA_CA_FILE'], DNS_SERVERS: here.env['DNS_SERVERS'] };
  there = await World.open({ ...shared, SECRETS_KEY: `${own},${here.env['SECRETS_KEY']}` });
  operator = await Operator.with({
    ...here.env,
    API: here.app('config').address,
    NEW_MONGODB_URI: there.env['MONGODB_URI'],
  });
});
afterAll(async () => {
  await operator.close();
  await Promise.all([here.close(), there.close()]);
});

it('a customer moves with its ids, keys and secrets, and what waits for another attempt is delivered from where it was', async () => {
  const [, copy = '', revoke = '', ends = '', passed = '', remove = ''] = await documented(
    'Move a customer to another installation',
  );
  const customer = await here.customer();
  const stays = await here.customer();
  await stays.webhook('/stays', ['*']);
  const moved = await customer.webhook('/moved', ['call_hangup']);
  await customer.webhook('/later', ['call_ringing']);
  here.receiver.on('/later', { kind: 'fail_first', failures: 2, status: 503 });
  const exported = `CUSTOMER=${customer.id}\n`;
  const keys = await here.operator().get<{ result: unknown[] }>(`customers/${customer.id}/accesskeys`);
  expect(keys.body.result).toHaveLength(1);
  const late = here.sample('call_ringing', customer.id);
  await here.produce(late);
  const first = here.sample('call_hangup', customer.id);
  await here.produce(first);
  await here.receiver.waitFor('/later', 2);

  await operator.run(exported + copy);
  await operator.run(exported + revoke);
  expect((await customer.http.get('webhooks')).statusCode).toBe(401);
  await operator.run(ends);
  await here.produce(here.sample('call_hangup', stays.id));
  await operator.until(passed, '0');

  const second = there.sample('call_hangup', customer.id);
  await there.produce(second);
  const requests = await here.receiver.waitFor('/moved', 2);
  expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual([first.id, second.id]);
  for (const { headers, body } of requests) {
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      String(headers[name]),
    ]);
    expect(() => new Verifier(moved.secret).verify(body, Object.fromEntries(signed))).not.toThrow();
  }
  const token = String(customer.http.defaults.options.headers['authorization']).replace('Bearer ', '');
  const listed = await there.http(token).get<{ result: Array<{ id: string }> }>('webhooks');
  expect([listed.statusCode, listed.body.result.map(({ id }) => id)]).toEqual([
    200,
    expect.arrayContaining([moved.id]),
  ]);
  const attempts = await here.receiver.waitFor('/later', 3);
  expect(attempts.map(({ headers }) => [headers['webhook-id'], headers['webhook-attempt']])).toEqual(
    ['1', '2', '3'].map((attempt) => [late.id, attempt]),
  );

  await operator.run(`${exported}${revoke}\n${remove}`);
  const left = await here.operator().get<{ result: Array<{ customer_id: string }> }>('webhooks');
  expect(left.body.result.map(({ customer_id }) => customer_id)).toEqual([stays.id]);
});
