import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ASSUMPTIONS, assuming } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { type Plan, planFor } from './plan.ts';

const MEASURED: Measured = {
  eventCpuUs: 40,
  deliveryCpuUs: 60,
  eventBytes: 880,
  workerPerSecond: 8_000,
  peakRssMb: 400,
  machine: 'some',
};
/** Round figures, so that a plan can be computed by hand. */
const ROUND = assuming(
  'failureShare=0.1,retriesPerFailure=1,tlsRequestUs=99,tlsHandshakeUs=1,handshakeShare=0.000001,retryFactor=2,ledgerUs=100',
);

const rates = fc.integer({ min: 1, max: 3_000_000 });
const figures = fc.record({
  webhooksPerEvent: fc.double({ min: 0.1, max: 20, noNaN: true }),
  failureShare: fc.double({ min: 0.001, max: 1, noNaN: true }),
  utilisation: fc.double({ min: 0.1, max: 1, noNaN: true }),
  replication: fc.integer({ min: 1, max: 5 }),
  mongoInsertsPerSecond: fc.integer({ min: 1_000, max: 100_000 }),
});

/** What a plan can only need more of. */
const needsOf = ({ installations, kafka, mongodb }: Plan): number[] => [
  installations,
  kafka.inBytes,
  kafka.storedBytes,
  mongodb.storedBytes,
  mongodb.replicaSets,
];
const workersOf = ({ deliveryWorkers, retryWorkers, ledgerWorkers }: Plan): number[] => [
  deliveryWorkers,
  retryWorkers,
  ledgerWorkers,
];
const AT_FIRST_FAILURE = { endOnFailure: true };

describe('a plan', () => {
  it('is what one would compute by hand', () => {
    const plan = planFor(10_000, MEASURED, ROUND);
    // 11,000 attempts a second, 10,000 inserts for each primary: two installations.
    expect(plan).toMatchObject({
      rates: { firstAttempts: 10_000, laterAttempts: 1_000, attempts: 11_000 },
      installations: 2,
      partitions: 24,
      // 10,000 times 199 us are 2 cores; half used makes 4 workers, two in each installation.
      deliveryWorkers: 4,
      // 1,000 times 398 us are less than half a core, but two workers in each installation are the least.
      retryWorkers: 4,
      // 11,000 times 100 us are 1.1 cores: 0.55 in each installation, and so two workers.
      ledgerWorkers: 4,
    });
    expect(plan.customerPerSecond).toBeCloseTo(5_025, 0);
    expect(plan.requestsPerWorker).toBeCloseTo(500, 6);
    // 10,000 * 1,000 + 11,000 * 360 + 1,000 * 1,300 bytes.
    expect(plan.kafka.inBytes).toBe(15_260_000);
    expect(plan.kafka.diskBytes).toBe(45_780_000);
  });

  it('never shrinks when more is asked for', () => {
    fc.assert(
      fc.property(rates, rates, figures, (one, other, given) => {
        const assumed = { ...ASSUMPTIONS, ...given };
        const [few, many] = [
          planFor(Math.min(one, other), MEASURED, assumed),
          planFor(Math.max(one, other), MEASURED, assumed),
        ];
        for (const [at, need] of needsOf(few).entries())
          expect(needsOf(many)[at]).toBeGreaterThanOrEqual(need * 0.999_999);
        // Workers are whole ones in every installation: less than one in each is for rounding.
        for (const [at, workers] of workersOf(few).entries()) {
          expect(workersOf(many)[at]! + few.installations).toBeGreaterThan(workers);
        }
      }),
      AT_FIRST_FAILURE,
    );
  });

  it('has what it needs: CPU, partitions for every worker twice, room for every byte', () => {
    fc.assert(
      fc.property(rates, figures, (rate, given) => {
        const assumed = { ...ASSUMPTIONS, ...given };
        const plan = planFor(rate, MEASURED, assumed);
        const { rates: found, kafka, mongodb, installations } = plan;
        expect(found.attempts).toBeCloseTo(found.firstAttempts + found.laterAttempts, 6);
        const cores = plan.deliveryWorkers * assumed.coresPerWorker * assumed.utilisation;
        expect(cores * 1.000_001).toBeGreaterThanOrEqual((found.firstAttempts * plan.attemptCpuUs) / 1e6);
        expect(plan.partitions * installations).toBeGreaterThanOrEqual(2 * plan.deliveryWorkers);
        expect(Math.log2(plan.partitions / 24) % 1).toBe(0);
        expect(kafka.brokers * 16e12 * assumed.utilisation * 1.000_001).toBeGreaterThanOrEqual(kafka.storedBytes);
        expect(mongodb.storedBytes).toBeLessThanOrEqual(8e12 * assumed.utilisation * installations * 1.000_001);
        expect(mongodb.keepDays).toBeLessThanOrEqual(30);
        expect(found.attempts / installations).toBeLessThanOrEqual(assumed.mongoInsertsPerSecond * assumed.utilisation);
      }),
      AT_FIRST_FAILURE,
    );
  });
});

describe('other assumptions', () => {
  it('take the place of the usual ones', () => {
    expect(assuming('webhooksPerEvent=3, endpointMs=50')).toEqual({
      ...ASSUMPTIONS,
      webhooksPerEvent: 3,
      endpointMs: 50,
    });
  });

  it.each([
    ['webhooks=3', '--assume does not know "webhooks"; it knows webhooksPerEvent, '],
    ['toString=3', '--assume does not know "toString"; it knows webhooksPerEvent, '],
    ['endpointMs=fast', '--assume endpointMs needs a number above 0, not "fast"'],
    ['endpointMs=0', '--assume endpointMs needs a number above 0, not "0"'],
    ['endpointMs', '--assume endpointMs needs a number above 0, not ""'],
  ])('are refused in one line: %s', (text, message) => {
    expect(() => assuming(text)).toThrow(message);
  });
});
