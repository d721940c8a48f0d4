import { describe, expect, it } from '@jest/globals';

import { Intake } from './intake.ts';
import { OwnedPartition } from './owned-partition.ts';

const SPAN = 100;

function records(...keys: Array<string | null>): Array<{ key: Buffer | null }> {
  return keys.map((key) => ({ key: key === null ? null : Buffer.from(key) }));
}

function partition(number: number, ...taken: number[]): OwnedPartition {
  const owned = new OwnedPartition('t', number);
  for (const offset of taken) owned.tracker.take(offset, 1, 0);
  return owned;
}

function othersWait(key: string, messages: Array<{ key: Buffer | null }>, from = 0): boolean | undefined {
  const intake = new Intake(SPAN);
  intake.block(partition(0), 'bytes', messages, from);
  return intake.pressure()?.othersWait(key);
}

describe('Intake', () => {
  it('tells of no pressure while nothing waits', () => {
    const intake = new Intake(SPAN);
    expect(intake.pressure()).toBeUndefined();
    const [one, two] = [partition(0), partition(1)];
    intake.block(one, 'bytes', [], 0);
    intake.block(two, 'bytes', [], 0);
    intake.unblock(one);
    expect(intake.pressure()).toBeDefined();
    intake.unblock(two);
    expect(intake.pressure()).toBeUndefined();
    intake.block(one, 'span', [], 0);
    intake.clear();
    expect(intake.pressure()).toBeUndefined();
  });

  it('tells a full bound on bytes from full spans, which begin a quarter of the bound below the newest taken record', () => {
    const intake = new Intake(SPAN);
    intake.block(partition(3, 1_000, 1_099), 'span', [], 0);
    expect(intake.pressure()).toMatchObject({
      bytesFull: false,
      fullSpans: [{ topic: 't', partition: 3, shareFrom: 1_075 }],
    });
    intake.block(partition(4), 'bytes', [], 0);
    expect(intake.pressure()).toMatchObject({ bytesFull: true, fullSpans: [{ partition: 3 }] });
  });

  it('sees whether a record of another key waits, from the first that was not taken on', () => {
    expect(othersWait('a', records('a', 'a'))).toBe(false);
    expect(othersWait('a', records('a', 'b'))).toBe(true);
    expect(othersWait('a', records('b', 'a'), 1)).toBe(false);
    expect(othersWait('b', records('b', 'a'), 1)).toBe(true);
    expect(othersWait('a', records('a', null))).toBe(true);
  });

  it('sees it in any of the partitions that wait', () => {
    const intake = new Intake(SPAN);
    intake.block(partition(0), 'bytes', records('a'), 0);
    intake.block(partition(1), 'bytes', records('b'), 0);
    expect(intake.pressure()?.othersWait('a')).toBe(true);
  });

  it('looks five hundred records ahead, not further', () => {
    const same = Array.from({ length: 700 }, () => 'a');
    expect(othersWait('a', records(...same.slice(0, 599), 'b'), 100)).toBe(true);
    expect(othersWait('a', records(...same.slice(0, 600), 'b'), 100)).toBe(false);
  });
});
