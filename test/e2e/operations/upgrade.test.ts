import { setTimeout as pauseFor } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AppName } from '../../../deploy/local/apps.ts';
import { documented } from '../../support/operations/documented.ts';
import { NOTHING_WRONG, NumberedEvents } from '../../support/operations/numbered-events.ts';
import { Operator } from '../../support/operations/operator.ts';
import { World } from '../../support/world/world.ts';

const CUSTOMERS = 6;
/** Between one event of every resource and the next: the apps that start share the machine. */
const PAUSE_MS = 250;
const READERS_FIRST = ['ledger', 'retry', 'delivery', 'config'] as const satisfies readonly AppName[];

let world: World;
let operator: Operator;

beforeAll(async () => {
  world = await World.open({}, [...READERS_FIRST]);
  operator = await Operator.with({ ...world.env, API: world.app('config').address });
  const second = await world.start('delivery');
  await second.ready();
});
afterAll(async () => {
  await operator.close();
  await world.close();
});

/** Produces until it is told to stop. */
function producing(events: NumberedEvents): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await events.produce(1);
      await pauseFor(PAUSE_MS);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

describe('an upgrade', () => {
  it('replaces app by app under load: nothing is lost, sent twice or out of order', async () => {
    const [prepare = '', look = ''] = await documented('Upgrade without downtime');
    const events = await NumberedEvents.of(world, CUSTOMERS, 20);
    await operator.run(prepare);
    const producer = producing(events);
    for (const name of READERS_FIRST) {
      for (const app of world.running(name)) {
        await app.stop();
        await app.start();
        await app.ready();
      }
    }
    await producer.stop();
    await events.delivered();
    expect(events.differences()).toEqual(NOTHING_WRONG);
    expect(await operator.run(look)).toMatch(/^\{"status":"ok".*\}\d+$/s);
  });

  it('changes the settings of a topic that is there', async () => {
    const [, , change = ''] = await documented('Upgrade without downtime');
    await operator.run(change);
    const admin = world.kafka.admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: `${world.prefix}resource-events`, configNames: ['retention.ms'] }],
    });
    await admin.disconnect();
    expect(resources[0]!.configEntries[0]!.configValue).toBe('1209600000');
  });
});
