import { describe, expect, it } from '@jest/globals';
import { UnavailableError, type Webhook } from '#libs/domain';

import { createMetrics } from '#libs/runtime';

import { LookupMetrics } from './lookup-metrics.ts';
import { CustomerWebhooks, type Lookup } from './customer-webhooks.ts';

const AT_ONCE = 16;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Loads that end when they are told to, the oldest first. */
function heldLoads() {
  const underway: Array<PromiseWithResolvers<readonly Webhook[]>> = [];
  const begun: string[] = [];
  const time = { now: 0 };
  const webhooks = new CustomerWebhooks({
    load: (customerId) => {
      begun.push(customerId);
      const load = Promise.withResolvers<readonly Webhook[]>();
      underway.push(load);
      return load.promise;
    },
    groupOf: () => undefined,
    clock: { now: () => time.now },
    metrics: new LookupMetrics(createMetrics('delivery')),
  });
  const lookUp = (customers: number): Array<Promise<Lookup>> =>
    Array.from({ length: customers }, (_, index) => Promise.resolve(webhooks.lookup(`c${index}`)));
  return { underway, begun, lookUp, time };
}

describe('CustomerWebhooks', () => {
  it('loads sixteen customers at once, and the next when one of them is there', async () => {
    const { underway, begun, lookUp } = heldLoads();
    const lookups = lookUp(40);
    await turn();
    expect(begun).toHaveLength(AT_ONCE);
    for (let ended = 1; ended <= 40; ended += 1) {
      underway.shift()?.resolve([]);
      await turn();
      expect(begun).toHaveLength(Math.min(40, AT_ONCE + ended));
    }
    expect((await Promise.all(lookups)).map(({ kind }) => kind)).toEqual(Array.from({ length: 40 }, () => 'known'));
    expect(new Set(begun).size).toBe(40);
  });

  it('goes on with the next when a customer cannot be loaded', async () => {
    const { underway, begun, lookUp } = heldLoads();
    const lookups = lookUp(AT_ONCE + 1);
    await turn();
    underway.shift()?.reject(new UnavailableError('mongodb', 'no'));
    await turn();
    expect(begun).toHaveLength(AT_ONCE + 1);
    expect(await lookups[0]).toMatchObject({ kind: 'unavailable' });
    for (const load of underway) load.resolve([]);
    await Promise.all(lookups);
  });

  it('tells all who wait that the store is away when nobody got an answer, and asks again after a second', async () => {
    const { underway, begun, lookUp, time } = heldLoads();
    const lookups = lookUp(200);
    await turn();
    for (const load of underway.splice(0)) load.reject(new UnavailableError('mongodb', 'no'));
    await turn();
    const loaded = begun.length;
    for (const load of underway.splice(0)) load.reject(new UnavailableError('mongodb', 'no'));
    expect((await Promise.all(lookups)).map(({ kind }) => kind)).toEqual(lookups.map(() => 'unavailable'));
    expect(loaded).toBeLessThan(3 * AT_ONCE);
    time.now += 1_000;
    const again = lookUp(AT_ONCE);
    await turn();
    for (const load of underway.splice(0)) load.resolve([]);
    expect((await Promise.all(again)).map(({ kind }) => kind)).toEqual(again.map(() => 'known'));
  });

  it('asks again, too, when the clock was set back', async () => {
    const { underway, lookUp, time } = heldLoads();
    const [first] = lookUp(1);
    await turn();
    underway.shift()?.reject(new UnavailableError('mongodb', 'no'));
    expect(await first).toMatchObject({ kind: 'unavailable' });
    time.now -= 3_600_000;
    const [second] = lookUp(1);
    await turn();
    underway.shift()?.resolve([]);
    expect(await second).toMatchObject({ kind: 'known' });
  });

  describe('counts each search once, by what came of it', () => {
    /** A load that is told what to answer next, under a clock that is set. */
    function searches() {
      const answers: Array<readonly Webhook[] | Error> = [];
      let now = 0;
      const registry = createMetrics('delivery');
      const webhooks = new CustomerWebhooks({
        load: async () => {
          const answer = answers.shift() ?? [];
          if (answer instanceof Error) throw answer;
          return answer;
        },
        groupOf: () => undefined,
        clock: { now: () => now },
        metrics: new LookupMetrics(registry),
      });
      const counts = async (): Promise<Record<string, number>> => {
        const found = await registry.getSingleMetric('webhook_customer_lookups_total')?.get();
        const counted = (found?.values ?? []).map(({ labels, value }) => [String(labels['result']), value]);
        return { hit: 0, miss: 0, unavailable: 0, ...Object.fromEntries(counted) };
      };
      return { answers, webhooks, counts, pass: (ms: number) => (now += ms) };
    }

    it('in memory, or loaded', async () => {
      const { webhooks, counts } = searches();
      await webhooks.lookup('c');
      await webhooks.lookup('c');
      await webhooks.lookup('c');
      expect(await counts()).toEqual({ hit: 2, miss: 1, unavailable: 0 });
    });

    it('not to be had, at first and while the failure is remembered', async () => {
      const { answers, webhooks, counts } = searches();
      answers.push(new UnavailableError('mongodb', 'no'));
      await webhooks.lookup('c');
      await webhooks.lookup('c');
      expect(await counts()).toEqual({ hit: 0, miss: 0, unavailable: 2 });
    });

    it('in memory, though a refresh of it fails', async () => {
      const { answers, webhooks, counts, pass } = searches();
      await webhooks.lookup('c');
      pass(120_000);
      answers.push(new UnavailableError('mongodb', 'no'));
      await webhooks.lookup('c');
      await turn();
      expect(answers).toEqual([]);
      expect(await counts()).toEqual({ hit: 1, miss: 1, unavailable: 0 });
    });

    it('loaded, though the customer changed meanwhile', async () => {
      const { webhooks, counts } = searches();
      const first = webhooks.lookup('c');
      webhooks.drop('c');
      await first;
      expect(await counts()).toEqual({ hit: 0, miss: 1, unavailable: 0 });
    });
  });
});
