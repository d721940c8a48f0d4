import { describe, expect, it } from '@jest/globals';

import { reachTold } from './reach-told.ts';

describe('the time that a log is said to go back to', () => {
  it.each(['2026-11-26T10:00:00.000Z', '2026-11-26T10:00:00.001Z', '2026-11-26T10:00:59.999Z'])(
    'is still held a minute after it was told, with records kept from %s on',
    (keptFrom) => {
      const at = Date.parse(keptFrom);
      const aMinuteLater = at + 60_000;
      expect(reachTold(at)).toBeGreaterThanOrEqual(aMinuteLater);
      expect(reachTold(at)).toBeLessThan(aMinuteLater + 60_000);
      expect(reachTold(at) % 60_000).toBe(0);
    },
  );
});
