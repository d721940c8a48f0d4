import { describe, expect, it } from '@jest/globals';

import { rotateFetches, type Subscription } from './fetch-rotation.ts';

class Assigned implements Subscription {
  private readonly topics: ReturnType<Subscription['assigned']>;

  constructor(topics: ReturnType<Subscription['assigned']>) {
    this.topics = topics;
  }

  assigned(): ReturnType<Subscription['assigned']> {
    return this.topics;
  }
}

describe('rotateFetches', () => {
  it('lets each partition and each topic be the first in turn, and asks for all of them each time', () => {
    const subscription = new Assigned([
      { topic: 'a', partitions: [0, 1, 2] },
      { topic: 'b', partitions: [7] },
      { topic: 'c', partitions: [] },
    ]);
    rotateFetches(subscription);
    const asked = [1, 2, 3, 4].map(() => subscription.assigned());
    expect(asked.map((fetch) => fetch.map(({ topic }) => topic).join(''))).toEqual(['bca', 'cab', 'abc', 'bca']);
    expect(asked.map((fetch) => fetch.find(({ topic }) => topic === 'a')?.partitions)).toEqual([
      [1, 2, 0],
      [2, 0, 1],
      [0, 1, 2],
      [1, 2, 0],
    ]);
    for (const fetch of asked) {
      expect(fetch.find(({ topic }) => topic === 'b')?.partitions).toEqual([7]);
      expect(fetch.find(({ topic }) => topic === 'c')?.partitions).toEqual([]);
    }
  });

  it('turns by one, however often a subscription is handed in', () => {
    const subscription = new Assigned([{ topic: 'a', partitions: [0, 1, 2, 3] }]);
    rotateFetches(subscription);
    const rotated = subscription.assigned;
    rotateFetches(subscription);
    expect(subscription.assigned).toBe(rotated);
    expect(subscription.assigned()[0]?.partitions[0]).toBe(1);
  });

  it('has nothing to ask for where nothing is assigned', () => {
    const subscription = new Assigned([]);
    rotateFetches(subscription);
    expect(subscription.assigned()).toEqual([]);
  });
});
