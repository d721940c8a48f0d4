import type { GroundPlan } from './ground.ts';
import { JUMPING_CLOCK } from './clock/jumping-clock.ts';
import { canMount } from './small-disk.ts';

/** What all faults of the short version together need, but those that are apart. */
export const SHARED: GroundPlan = {
  apps: ['delivery', 'delivery', 'retry'],
  parts: ['kafka', 'registry', 'mongodb'],
  smallDisk: canMount,
  settings: { ...JUMPING_CLOCK, RETRY_SCHEDULE: '5s,6s,7s,8s,9s,10s,11s,12s' },
};
