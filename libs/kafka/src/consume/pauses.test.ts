import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#libs/runtime';

import { OwnedPartition, PartitionSet } from './owned-partition.ts';
import { Pauses } from './pauses.ts';

const WAIT_MS = 100;

/** Pauses of one owned partition, and what the client is told. */
function pausesOfOne() {
  const partitions = new PartitionSet();
  const owned = new OwnedPartition('events', 3);
  partitions.assign([owned]);
  const told: string[] = [];
  const tell =
    (what: string) =>
    (targets: ReadonlyArray<{ topic: string; partitions?: number[] }>): void => {
      for (const target of targets) told.push(`${what} ${target.topic}/${String(target.partitions)}`);
    };
  const consumer = { pause: tell('pause'), resume: tell('resume') };
  return { pauses: new Pauses(consumer, partitions, createLogger('test', 'silent')), partitions, owned, told };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a pause', () => {
  it('ends by itself', () => {
    const { pauses, owned, told } = pausesOfOne();
    pauses.begin(owned, WAIT_MS);
    expect(told).toEqual(['pause events/3']);
    jest.advanceTimersByTime(WAIT_MS);
    expect(told).toEqual(['pause events/3', 'resume events/3']);
  });

  it('is not ended by its timer while a worker drains: the partition would be fetched again and again', () => {
    const { pauses, owned, told } = pausesOfOne();
    pauses.begin(owned, WAIT_MS);
    pauses.stopAll();
    jest.advanceTimersByTime(10 * WAIT_MS);
    expect(told).toEqual(['pause events/3', 'pause events/3']);
  });

  it('is not ended by its timer where the topic was deleted meanwhile', () => {
    const { pauses, partitions, owned, told } = pausesOfOne();
    pauses.begin(owned, WAIT_MS);
    partitions.drop(owned.topic, owned.partition);
    pauses.stop(owned);
    jest.advanceTimersByTime(10 * WAIT_MS);
    expect(told).not.toContain('resume events/3');
  });

  it('does not begin for a partition that is no longer owned', () => {
    const { pauses, partitions, owned, told } = pausesOfOne();
    partitions.clear();
    pauses.begin(owned, WAIT_MS);
    expect(told).toEqual([]);
  });
});
