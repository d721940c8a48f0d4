import { describe, expect, it } from '@jest/globals';

import { OwnedPartition, PartitionSet } from './owned-partition.ts';

const TOPIC = 'events';
/** A former owner had committed offset 5, and settled 7 besides. */
const settledBefore = [{ first: 7, last: 7 }];
const taken = (partition: OwnedPartition | undefined, offset: number): boolean =>
  partition?.tracker.take(offset, 1, 0) !== undefined;

describe('a partition whose log was made anew', () => {
  it('has its records taken from the first one on', () => {
    const partitions = new PartitionSet();
    partitions.assign([new OwnedPartition(TOPIC, 0, settledBefore)]);
    expect(taken(partitions.get(TOPIC, 0), 5)).toBe(true);
    expect(taken(partitions.get(TOPIC, 0), 0)).toBe(false);
    partitions.renew(TOPIC, 0);
    expect([0, 7].map((offset) => taken(partitions.get(TOPIC, 0), offset))).toEqual([true, true]);
  });

  it('has nothing of a former owner left out, when that was found out before the commits were read', () => {
    const partitions = new PartitionSet();
    partitions.renew(TOPIC, 0);
    const commits = (): OwnedPartition[] =>
      [0, 1].map((partition) => new OwnedPartition(TOPIC, partition, settledBefore));
    partitions.assign(commits());
    expect([0, 1].map((partition) => taken(partitions.get(TOPIC, partition), 7))).toEqual([true, false]);
    partitions.assign(commits());
    expect(taken(partitions.get(TOPIC, 0), 7)).toBe(false);
  });
});

describe('what is in flight of a forgotten partition', () => {
  it.each(['renew', 'drop'] as const)('is waited for after %s, in the same assignment', async (act) => {
    const partitions = new PartitionSet();
    const former = new OwnedPartition(TOPIC, 0);
    partitions.assign([former]);
    former.inFlight = 1;
    partitions[act](TOPIC, 0);
    expect(partitions.all()).toHaveLength(act === 'renew' ? 1 : 0);
    const drained = partitions.drained(60_000);
    former.inFlight = 0;
    partitions.changed();
    expect(await drained).toBe(0);
    former.inFlight = 1;
    partitions.clear();
    expect(await partitions.drained(60_000)).toBe(0);
  });
});
