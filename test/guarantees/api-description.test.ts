import { randomInt } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { schemathesis } from '../support/contract/schemathesis.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: '200ms' }, ['config', 'delivery', 'retry', 'ledger']);
  customer = await world.customer();
});

afterAll(() => world.close());

/** Seen to fail when `auditView` shows a time that is none: found by chance, "response violates schema". */
describe('what the admin REST says of itself', () => {
  it('holds for 200 requests by chance to each call', async () => {
    const seed = randomInt(2 ** 31);
    const { code, output, cases } = await schemathesis(world, customer, { examples: 200, seed });
    if (code !== 0) throw new Error(`with the seed ${seed} schemathesis found:\n${output}`);
    expect(cases).toBeGreaterThan(5_000);
  });
});
