import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { Pace } from './pace.ts';

async function waiting(turn: Promise<void> | undefined): Promise<boolean> {
  const late = Symbol('late');
  return (await Promise.race([turn, new Promise((resolve) => setImmediate(() => resolve(late)))])) === late;
}

const time = { now: 0 };
const now = (): number => time.now;

describe('Pace', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('lets everybody go on while the worker has time left', () => {
    const pace = new Pace(2, () => false, now);
    pace.begun(100);
    expect(pace.turn()).toBeUndefined();
  });

  it('makes a busy worker wait until enough has ended, one after the other', async () => {
    // A look in between, on a slow machine, would let both go on.
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const pace = new Pace(2, () => true, now);
    const begun = pace.begun(3);
    const [first, second] = [pace.turn(), pace.turn()];
    pace.ended(begun);
    expect(await waiting(first)).toBe(true);
    pace.ended(begun);
    await first;
    expect(await waiting(second)).toBe(true);
    pace.ended(begun);
    await second;
    expect(pace.turn()).toBeUndefined();
  });

  it('does not count what waits for endpoints that do not answer', () => {
    let unanswered = 3;
    const pace = new Pace(
      2,
      () => true,
      now,
      () => unanswered,
    );
    pace.begun(4);
    expect(pace.turn()).toBeUndefined();
    unanswered = 2;
    expect(pace.turn()).toBeInstanceOf(Promise);
  });

  it('counts what is under way over all that has begun', () => {
    const pace = new Pace(2, () => true, now);
    pace.begun(1);
    expect(pace.turn()).toBeUndefined();
    const begun = pace.begun(1);
    const turn = pace.turn();
    expect(turn).toBeDefined();
    pace.ended(begun);
    return turn;
  });

  it('lets those go on who wait when the worker has time again, although nothing ended', async () => {
    let busy = true;
    const pace = new Pace(1, () => busy, now);
    pace.begun(5);
    const turns = [pace.turn(), pace.turn()];
    expect(await waiting(turns[0])).toBe(true);
    busy = false;
    for (const turn of turns) await turn;
    busy = true;
    const later = pace.turn();
    expect(await waiting(later)).toBe(true);
    busy = false;
    await later;
  });

  it('looks again and again while the worker stays busy with just enough', async () => {
    let looks = 0;
    const pace = new Pace(
      2,
      () => {
        looks += 1;
        return looks < 5;
      },
      now,
    );
    pace.begun(2);
    await pace.turn();
    expect(looks).toBe(5);
  });

  it('lets all go on who wait once too little is under way, although fewer ended than wait', async () => {
    const pace = new Pace(2, () => true, now);
    const begun = pace.begun(2);
    const turns = [pace.turn(), pace.turn(), pace.turn()];
    pace.ended(begun);
    for (const turn of turns) await turn;
    expect(pace.turn()).toBeUndefined();
  });

  it('does not count what has been under way for long: it waits for its endpoint', async () => {
    const pace = new Pace(4, () => true, now);
    const old = pace.begun(3);
    time.now += 250;
    const middle = pace.begun(1);
    expect(await waiting(pace.turn())).toBe(true);
    time.now += 250;
    expect(pace.turn()).toBeUndefined();
    pace.begun(3);
    expect(await waiting(pace.turn())).toBe(true);
    pace.ended(old);
    expect(await waiting(pace.turn())).toBe(true);
    pace.ended(middle);
    expect(pace.turn()).toBeUndefined();
    pace.begun(4);
    time.now += 500;
    expect(pace.turn()).toBeUndefined();
  });

  it('wakes those who wait when what they wait for has become old', async () => {
    const pace = new Pace(2, () => true, now);
    pace.begun(2);
    const turn = pace.turn();
    expect(await waiting(turn)).toBe(true);
    time.now += 500;
    await turn;
  });
});
