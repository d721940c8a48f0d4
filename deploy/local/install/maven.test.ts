import { expect, it } from '@jest/globals';

import { transferMeter } from './maven.ts';

it('adds up transfers that are over and those under way', () => {
  const seen: number[] = [];
  const meter = transferMeter((done) => seen.push(done));
  meter('[INFO] Scanning for projects...');
  meter('Progress (2): 4.0/18 kB | 2.0/6.7 MB');
  meter('                    Downloaded from central: https://repo.example/a-1.0.pom (18 kB at 115 kB/s)');
  meter('Progress (1): 6.7 MB');
  expect(seen).toEqual([2_004_000, 18_000, 6_718_000]);
});
