import { afterAll, it } from '@jest/globals';

import { Ground, type GroundPlan } from './ground.ts';
import { isFull } from './length.ts';
import { SHARED } from './shared.ts';
import { canMount } from './small-disk.ts';

/** The ground of the faults that come one after the other in the short version, opened for the first of them. */
let shared: Ground | undefined;

afterAll(() => shared?.close());

/** A test of what holds under a fault. At full length it has a ground of its own; a plan says what that has to be like. */
export function fault(title: string, plan: GroundPlan, run: (ground: Ground) => Promise<void>): void {
  const possible = plan.smallDisk !== true || canMount ? it : it.skip;
  possible(title, () => (isFull || plan.apart === true ? alone(plan, run) : afterOthers(run)));
}

async function alone(plan: GroundPlan, run: (ground: Ground) => Promise<void>): Promise<void> {
  const ground = await Ground.open(plan);
  try {
    await run(ground);
  } finally {
    await ground.close();
  }
}

async function afterOthers(run: (ground: Ground) => Promise<void>): Promise<void> {
  const ground = (shared ??= await Ground.open(SHARED));
  try {
    await ground.beginPeriod();
    await run(ground);
  } catch (error) {
    // What this fault has broken is not the next one's matter.
    shared = undefined;
    await ground.close();
    throw error;
  }
}
