import { describe, expect, it } from '@jest/globals';

import type { Route, Workload } from '../data/workload.ts';
import type { Deliveries } from '../receiver/delivery-log.ts';
import { GuaranteeBook } from './guarantees.ts';
import { verdictOf } from './verdict.ts';

const route = (name: string, ...endpoints: number[]): Route => ({
  customerId: name,
  resourceId: name,
  eventType: 'call_created',
  targets: endpoints.map((endpoint) => ({ endpoint, behaviour: { kind: endpoint < 90 ? 'answer' : 'hang' } })),
});
/** Events 0, 3, 6 go to endpoint 10; 1, 4, 7 to 20 and 21; 2, 5, 8 to one that hangs. */
const workload: Workload = { webhooks: [], routes: [route('a', 10), route('b', 20, 21), route('c', 90)] };
const EVENTS = 9;
const everything: ReadonlyArray<readonly [endpoint: number, event: number]> = [
  ...[0, 3, 6].map((event) => [10, event] as const),
  ...[1, 4, 7].map((event) => [20, event] as const),
  ...[1, 4, 7].map((event) => [21, event] as const),
];

function received(pairs: ReadonlyArray<readonly [number, number]>): Deliveries {
  return {
    endpoints: Int32Array.from(pairs, ([endpoint]) => endpoint),
    events: Int32Array.from(pairs, ([, event]) => event),
    times: new Float64Array(pairs.length),
  };
}

const right = { expected: 9, delivered: 9, missing: 0, duplicates: 0, orderViolations: 0, astray: 0 };

describe('a verdict', () => {
  it('finds nothing wrong when everything came once and in order', () => {
    expect(verdictOf(workload, EVENTS, received(everything))).toEqual(right);
  });

  it('does not mind how resources and endpoints are mixed', () => {
    const mixed = everything.toSorted(([, a], [, b]) => a - b);
    expect(verdictOf(workload, EVENTS, received(mixed))).toEqual(right);
  });

  it('finds what is missing at one of two endpoints', () => {
    const without = everything.filter(([endpoint, event]) => !(endpoint === 21 && event === 4));
    expect(verdictOf(workload, EVENTS, received(without))).toEqual({ ...right, delivered: 8, missing: 1 });
  });

  it('finds what came twice', () => {
    const twice = [...everything, [10, 0], [10, 0]] as const;
    expect(verdictOf(workload, EVENTS, received(twice))).toEqual({ ...right, duplicates: 2 });
  });

  it('finds what came after a later event of its resource', () => {
    const swapped = received([[10, 3], [10, 0], ...everything.slice(2)]);
    expect(verdictOf(workload, EVENTS, swapped)).toEqual({ ...right, orderViolations: 1 });
  });

  it('finds what went to the wrong endpoint, or was never produced', () => {
    const strange = [...everything, [10, 1], [10, 9]] as const;
    expect(verdictOf(workload, EVENTS, received(strange))).toEqual({ ...right, astray: 2 });
  });

  it('asks nothing of endpoints that hang', () => {
    const withHanging = [...everything, [90, 2], [90, 2], [90, 5]] as const;
    expect(verdictOf(workload, EVENTS, received(withHanging))).toEqual(right);
  });
});

describe('the book of guarantees', () => {
  const holding = (uncommitted: number, movedAside: number) => ({
    uncommitted: async () => uncommitted,
    movedAside: async () => movedAside,
  });

  it('calls lost only what nobody holds any more', async () => {
    const book = new GuaranteeBook();
    const verdict = { ...right, delivered: 4, missing: 5 };
    await book.enter({ verdict }, holding(3, 2));
    expect(book.total().lost).toBe(0);
    await book.enter({ verdict }, holding(1, 2));
    expect(book.total().lost).toBe(2);
  });

  it('adds up over runs', async () => {
    const book = new GuaranteeBook();
    await book.enter({ verdict: { ...right, duplicates: 1, orderViolations: 2, astray: 3 } }, holding(0, 0));
    await book.enter({ verdict: { ...right, duplicates: 1 } }, holding(0, 0));
    expect(book.total()).toEqual({ lost: 0, duplicates: 2, orderViolations: 2, astray: 3 });
  });
});
