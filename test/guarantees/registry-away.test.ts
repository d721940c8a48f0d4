import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { eventually } from '../support/world/eventually.ts';
import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { EVENTS_PER_SECOND, type GroundPlan } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';

const AWAY_MS = fullOrShort(60_000, 5_000);
const NEW_SCHEMA_EVENTS = 20;
const GOES_ON = 0.8;

const PLAN: GroundPlan = { apps: ['delivery', 'retry'], parts: ['registry'] };

/** Seen to fail when `EventReceiver` rejects what it cannot decode now, in place of parking it. */
fault(
  'events of known schemas go on without the registry, those of new ones come later and are not rejected',
  PLAN,
  async (ground) => {
    const { world, endpoints } = ground;
    const customer = await world.customer();
    await customer.webhook('/new-schema', ['number_created']);
    const events = Array.from({ length: NEW_SCHEMA_EVENTS }, () => world.sample('number_created', customer.id));
    // Encoded while the registry still answers; the worker has not met this schema yet.
    const values = await Promise.all(events.map((event) => world.encoded(event)));
    await ground.begin();

    await ground.part('registry').kill();
    await Promise.all(values.map((value) => world.produceBytes(customer.id, value)));
    const before = endpoints.answered;
    await pauseFor(AWAY_MS);
    const during = endpoints.answered - before;
    expect(world.receiver.received('/new-schema')).toHaveLength(0);
    await ground.part('registry').restart();

    const requests = await eventually(
      async () => world.receiver.received('/new-schema'),
      (received) => received.length >= NEW_SCHEMA_EVENTS,
      90_000,
    );
    const { books, receipts } = await ground.settle();
    const rejected = await ground.recordsOn('rejected-events');
    report({
      fault: `schema registry killed for ${AWAY_MS / 1_000} s`,
      measured: {
        ...books,
        rejected,
        'delivered meanwhile /s': Math.round((during / AWAY_MS) * 1_000),
        'longest gap ms': longestGapMs(receipts.answered),
      },
    });
    expect(rejected).toBe(0);
    expect(books).toMatchObject({ lost: 0, duplicates: 0, orderViolations: 0, astray: 0 });
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(events.map(({ id }) => id)));
    expect(during).toBeGreaterThan((GOES_ON * EVENTS_PER_SECOND * AWAY_MS) / 1_000);
  },
);
