import { randomBytes } from 'node:crypto';

import { expect } from '@jest/globals';

import { eventually } from '../support/world/eventually.ts';
import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { fullOrShort } from './harness/length.ts';

const POISON = fullOrShort(1_000, 100);
const BLOCKED_MS = 5_000;

/** Seen to fail when `EventReceiver` abandons a record that it cannot read: it stays in the way. */
fault(
  'records that cannot be read all end among the rejected events, and hold up nobody',
  { apps: ['delivery', 'retry'] },
  async (ground) => {
    const { world, seeded, customers } = ground;
    await ground.begin();
    const sound = await world.encoded(world.sample('call_hangup', customers[0]!.id));
    for (let made = 0; made < POISON; made += 1) {
      const value = seeded.pick([
        Buffer.alloc(0),
        randomBytes(seeded.between(1, 2_000)),
        sound.subarray(0, seeded.between(1, sound.length - 1)),
        Buffer.concat([Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]), sound.subarray(5)]),
      ]);
      await world.produceBytes(seeded.pick(customers).id, value);
    }
    const { books, receipts } = await ground.settle();
    const rejected = await eventually(
      () => ground.recordsOn('rejected-events'),
      (count) => count >= POISON,
      60_000,
    );
    const gapMs = longestGapMs(receipts.answered);
    report({ fault: `${POISON} poison records`, measured: { ...books, rejected, 'longest gap ms': gapMs } });
    expect(rejected).toBe(POISON);
    expect(books).toMatchObject({ lost: 0, duplicates: 0, orderViolations: 0, astray: 0 });
    expect(gapMs).toBeLessThan(BLOCKED_MS);
  },
);
