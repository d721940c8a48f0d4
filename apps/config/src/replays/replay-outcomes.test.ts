import { describe, expect, it } from '@jest/globals';

import { ReplayOutcomes } from './replay-outcomes.ts';

function setUp() {
  const time = { now: 0 };
  const counting: Array<{
    readonly id: string;
    readonly end: (delivered: number) => Promise<void>;
    readonly fail: () => void;
  }> = [];
  const outcomes = new ReplayOutcomes(
    (id) =>
      new Promise((resolve, reject) => {
        counting.push({
          id,
          end: async (delivered) => {
            resolve({ delivered, deadLetters: 0 });
            await new Promise((next) => setImmediate(next));
          },
          fail: () => reject(new Error('away')),
        });
      }),
    () => time.now,
  );
  return { time, counting, outcomes };
}

describe('ReplayOutcomes', () => {
  it('counts a replay once at a time, and again after ten times as long as it took', async () => {
    const { time, counting, outcomes } = setUp();
    const [first, second] = [outcomes.of('a'), outcomes.of('a')];
    void outcomes.of('b');
    expect(counting.map(({ id }) => id)).toEqual(['a', 'b']);
    time.now = 50;
    await counting[0]!.end(7);
    expect(await Promise.all([first, second])).toMatchObject([{ delivered: 7 }, { delivered: 7 }]);
    time.now = 549;
    expect(await outcomes.of('a')).toMatchObject({ delivered: 7 });
    time.now = 550;
    void outcomes.of('a');
    expect(counting.map(({ id }) => id)).toEqual(['a', 'b', 'a']);
  });

  it('shows no count that is older than a minute', async () => {
    const { time, counting, outcomes } = setUp();
    void outcomes.of('a');
    time.now = 30_000;
    await counting[0]!.end(7);
    time.now = 90_000;
    void outcomes.of('a');
    expect(counting).toHaveLength(2);
  });

  it('does not count anew at once when counting took long and failed', async () => {
    const { time, counting, outcomes } = setUp();
    const failed = outcomes.of('a');
    time.now = 500;
    counting[0]!.fail();
    await expect(failed).rejects.toThrow('away');
    time.now = 5_499;
    await expect(outcomes.of('a')).rejects.toThrow('away');
    expect(counting).toHaveLength(1);
    time.now = 5_500;
    void outcomes.of('a');
    expect(counting).toHaveLength(2);
  });
});
