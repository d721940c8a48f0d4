import { describe, expect, it } from '@jest/globals';

import { PortPolicy } from './port-policy.ts';

const refused = (policy: PortPolicy, ...ports: number[]): number[] => ports.filter((port) => !policy.allows(port));

describe('PortPolicy', () => {
  it('allows 443 and what begins at 1024', () => {
    expect(refused(new PortPolicy([], false), 443, 1_024, 8_443, 65_535)).toEqual([]);
    const low = Array.from({ length: 1_024 }, (_, port) => port).filter((port) => port !== 443);
    expect(refused(new PortPolicy([], false), ...low)).toEqual(low);
  });

  it('allows 80 where http is allowed, and what the operator names', () => {
    expect(refused(new PortPolicy([], true), 80, 81, 443)).toEqual([81]);
    expect(refused(new PortPolicy([81, 444], false), 80, 81, 443, 444, 445)).toEqual([80, 445]);
  });
});
