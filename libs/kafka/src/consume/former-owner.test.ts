import { describe, expect, it } from '@jest/globals';

import { type Commits, FormerOwner } from './former-owner.ts';
import type { OwnedPartition } from './owned-partition.ts';
import { encodeSettled } from './settled-ranges.ts';

/** What the group `workers` committed: offset and settled ranges per partition. */
const COMMITTED: Readonly<Record<string, ReadonlyArray<{ offset: number; first: number; last: number }>>> = {
  events: [
    { offset: 10, first: 12, last: 13 },
    { offset: 50, first: 51, last: 51 },
  ],
  retries: [{ offset: 10, first: 15, last: 16 }],
};

function commits(asked: string[][] = []): Commits {
  return {
    use: (request) =>
      request({
        fetchOffsets: ({ groupId, topics }) => {
          asked.push(topics ?? []);
          const known = (topics ?? []).map((topic) => ({
            topic,
            partitions: (groupId === 'workers' ? (COMMITTED[topic] ?? []) : []).map(
              ({ offset, first, last }, partition) => ({
                partition,
                offset: String(offset),
                metadata: encodeSettled(offset, [{ first, last }]),
              }),
            ),
          }));
          return Promise.resolve(known);
        },
      }),
  };
}

function skipped(partition: OwnedPartition): number[] {
  const offsets = Array.from({ length: 60 }, (_, offset) => offset);
  return offsets.filter((offset) => partition.tracker.take(offset, 1, 0) === undefined);
}

const named = (owned: readonly OwnedPartition[]): string[] => owned.map(({ name }) => name);
const ASSIGNMENT = { events: [0, 1], retries: [0] };

describe('FormerOwner', () => {
  it('gives each partition what was settled above its own commit', async () => {
    const owned = await new FormerOwner(commits(), 'workers').partitions(ASSIGNMENT);
    expect(named(owned)).toEqual(['events/0', 'events/1', 'retries/0']);
    expect(owned.map(skipped)).toEqual([[12, 13], [51], [15, 16]]);
  });

  it('begins without settled offsets where nothing was committed', async () => {
    const owned = await new FormerOwner(commits(), 'workers').partitions({ events: [7], fresh: [0] });
    expect(named(owned)).toEqual(['events/7', 'fresh/0']);
    expect(owned.map(skipped)).toEqual([[], []]);
  });

  it('asks nobody when nothing was assigned', async () => {
    const asked: string[][] = [];
    expect(await new FormerOwner(commits(asked), 'workers').partitions({})).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('names the same partitions when the commits cannot be read, and repeats what was settled', () => {
    const owned = new FormerOwner(commits(), 'workers').withoutCommits(ASSIGNMENT);
    expect(named(owned)).toEqual(['events/0', 'events/1', 'retries/0']);
    expect(owned.map(skipped)).toEqual([[], [], []]);
  });
});
