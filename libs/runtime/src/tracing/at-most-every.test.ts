import { describe, expect, it } from '@jest/globals';

import { atMostEvery } from './at-most-every.ts';

describe('atMostEvery', () => {
  it('works at once, then not again before the time has passed since it last did', () => {
    let now = 5;
    const done: string[] = [];
    const complain = atMostEvery(
      60_000,
      () => now,
      (message: string) => done.push(`${message} at ${now}`),
    );
    for (const at of [5, 6, 60_004, 60_005, 60_006, 120_004, 120_005, 500_000]) {
      now = at;
      complain('away');
    }
    expect(done).toEqual(['away at 5', 'away at 60005', 'away at 120005', 'away at 500000']);
  });
});
