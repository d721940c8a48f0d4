import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';

import { TallyCounter, TallyHistogram } from './tallies.ts';

const counter = { name: 'taken_total', help: 'What was taken', labelNames: ['outcome', 'reason'] as const };
const histogram = {
  name: 'taken_seconds',
  help: 'How long',
  labelNames: ['outcome'] as const,
  buckets: [0.005, 0.1, 1, 10],
};

function registryOf(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  return registry;
}

describe('a counter with tallies', () => {
  it("shows what the library's shows, tallied or not, each time it is asked", async () => {
    const [ours, theirs] = [registryOf('a'), registryOf('a')];
    const tallied = new TallyCounter({ ...counter, registers: [ours] });
    const plain = new Counter({ ...counter, registers: [theirs] });
    const delivered = tallied.tally({ outcome: 'delivered', reason: '' });
    plain.inc({ outcome: 'delivered', reason: '' }, 0);
    for (let round = 0; round < 3; round += 1) {
      expect(await ours.metrics()).toBe(await theirs.metrics());
      for (let count = 0; count < round + 2; count += 1) {
        delivered.inc();
        plain.inc({ outcome: 'delivered', reason: '' });
      }
      for (const one of [tallied, plain]) one.inc({ outcome: 'failed', reason: 'timeout' });
    }
    expect(await ours.metrics()).toBe(await theirs.metrics());
    expect(await ours.metrics()).toContain('taken_total{outcome="delivered",reason="",app="a"} 9');
  });
});

describe('a histogram with tallies', () => {
  it("shows what the library's shows", async () => {
    const value = fc.oneof(fc.constantFrom(...histogram.buckets, 0, 100), fc.double({ min: 0, max: 20, noNaN: true }));
    const observed = fc.array(fc.tuple(fc.constantFrom('delivered', 'failed'), value));
    await fc.assert(
      fc.asyncProperty(observed, async (all) => {
        const [ours, theirs] = [registryOf('a'), registryOf('a')];
        const tallied = new TallyHistogram({ ...histogram, registers: [ours] });
        const plain = new Histogram({ ...histogram, registers: [theirs] });
        const tallies = {
          delivered: tallied.tally({ outcome: 'delivered' }),
          failed: tallied.tally({ outcome: 'failed' }),
        };
        for (const outcome of ['delivered', 'failed']) plain.zero({ outcome });
        for (const [outcome, seconds] of all) {
          tallies[outcome === 'failed' ? 'failed' : 'delivered'].observe(seconds);
          tallies.failed.observe(Number.NaN);
          plain.observe({ outcome }, seconds);
        }
        // The order of the labels says nothing.
        const sorted = (text: string): string =>
          text.replaceAll(/\{.*?\}/g, (labels) => labels.slice(1, -1).split(',').toSorted().join());
        expect(sorted(await ours.metrics())).toBe(sorted(await theirs.metrics()));
        expect((await ours.getMetricsAsJSON())[0]).toMatchObject({ name: 'taken_seconds', type: 'histogram' });
      }),
    );
  });
});
