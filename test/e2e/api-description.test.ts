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

describe('what the admin REST says of itself', () => {
  // `npm run test:guarantees` makes 200, from another seed each time.
  it('holds for 20 requests by chance to each call', async () => {
    const { code, output, cases } = await schemathesis(world, customer, { examples: 20, seed: 1 });
    if (code !== 0) throw new Error(`schemathesis found:\n${output}`);
    expect(cases).toBeGreaterThan(1_000);
  }, 600_000);
});
