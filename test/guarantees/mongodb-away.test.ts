import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { EVENTS_PER_SECOND, type GroundPlan } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';

const AWAY_MS = fullOrShort(60_000, 5_000);
const STRANGERS_EVENTS = 20;
/** Less than this share of the load would mean that known customers wait, too. */
const GOES_ON = 0.8;

const PLAN: GroundPlan = { apps: ['delivery', 'retry'], parts: ['mongodb'] };

/** Seen to fail when `CustomerWebhooks` takes a load that failed for "has no webhooks": their events are gone. */
fault(
  'known customers go on without MongoDB, the events of others come later, and nobody is taken for one without webhooks',
  PLAN,
  async (ground) => {
    const { world, endpoints } = ground;
    const stranger = await world.customer();
    await stranger.webhook('/stranger', ['*']);
    await ground.begin();

    await ground.part('mongodb').kill();
    const events = Array.from({ length: STRANGERS_EVENTS }, () => world.sample('call_hangup', stranger.id));
    await Promise.all(events.map((event) => world.produce(event)));
    const before = endpoints.answered;
    await pauseFor(AWAY_MS);
    const during = endpoints.answered - before;
    const answer = await stranger.http.get('webhooks');
    expect(world.receiver.received('/stranger')).toHaveLength(0);
    await ground.part('mongodb').restart();

    const requests = await world.receiver.waitFor('/stranger', STRANGERS_EVENTS, 90_000);
    const { books, receipts } = await ground.settle();
    report({
      fault: `MongoDB killed for ${AWAY_MS / 1_000} s`,
      measured: {
        ...books,
        'delivered meanwhile /s': Math.round((during / AWAY_MS) * 1_000),
        'longest gap ms': longestGapMs(receipts.answered),
        'API meanwhile': answer.statusCode,
      },
    });
    expect(answer.statusCode).toBe(503);
    expect(books).toMatchObject({ lost: 0, duplicates: 0, orderViolations: 0, astray: 0 });
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(events.map(({ id }) => id)));
    expect(during).toBeGreaterThan((GOES_ON * EVENTS_PER_SECOND * AWAY_MS) / 1_000);
  },
);
