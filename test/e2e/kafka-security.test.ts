import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import got from 'got';

import { SecureKafka } from '../support/stack/secure-kafka.ts';
import { eventually } from '../support/world/eventually.ts';
import { World } from '../support/world/world.ts';

const WRONG = 'not the password';

let kafka: SecureKafka;
let world: World | undefined;

beforeAll(async () => {
  kafka = await SecureKafka.start();
});
afterEach(async () => {
  await world?.close();
  world = undefined;
});
afterAll(() => kafka.stop());

describe('a Kafka that asks for TLS, a certificate, and who it is', () => {
  it.each([
    ['a password (SCRAM-SHA-512)', () => kafka.withPassword],
    ['a token (OAUTHBEARER)', () => kafka.withToken],
  ])('is served with %s: an event is delivered, retried, and told of', async (_name, settings) => {
    world = await World.open(settings(), ['config', 'delivery', 'retry', 'ledger']);
    const customer = await world.customer();
    const { id } = await customer.webhook('/secure', ['*']);
    world.receiver.on('/secure', { kind: 'fail_first', failures: 1, status: 503 });
    const event = world.sample('call_hangup', customer.id);
    await world.produce(event);
    const requests = await world.receiver.waitFor('/secure', 2);
    expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual([event.id, event.id]);
    await eventually(
      async () => (await customer.api.call('listAttempts', { path: { id } })).result.map(({ outcome }) => outcome),
      (outcomes) => outcomes.length === 2,
    );
  });

  it.each(['config', 'delivery', 'retry', 'ledger'] as const)(
    'lets nobody in with a wrong password: %s says so, and is not ready',
    async (name) => {
      const opened = await World.open({}, []);
      world = opened;
      const app = await opened.start(name, { ...kafka.withPassword, KAFKA_SASL_PASSWORD: WRONG });
      const lines = await eventually(
        async () => opened.lines.join('\n'),
        (text) => /authentication failed/i.test(text),
      );
      expect(lines).not.toContain(WRONG);
      const ready = await got(`${app.address}/health/ready`, { retry: { limit: 0 }, throwHttpErrors: false }).then(
        ({ statusCode }) => statusCode,
        () => 'not there',
      );
      expect([503, 'not there']).toContain(ready);
    },
  );

  it('gives out one token for all connections of an app', () => {
    // Two threads in delivery and retry, one in the others, and the test's own client.
    expect(kafka.tokensGiven).toBeLessThanOrEqual(8);
    expect(kafka.tokensGiven).toBeGreaterThan(0);
  });
});
