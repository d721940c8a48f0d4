import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { Pace } from './pace.ts';

async function waiting(turn: Promise<void> | undefined): Promise<boolean> {
  const late = Symbol('late');
  return (await Promise.race([turn, new Promise((resolve) => setImmediate(() => resolve(late)))])) === late;
}

describe('Pace', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('lets everybody go on while the worker has time left', () => {
    const pace = new Pace(2, () => false);
    pace.begun(100);
    expect(pace.turn()).toBeUndefined();
  });

  it('makes a busy worker wait until enough has ended, one after the other', async () => {
    // A look in between, on a slow machine, would let both go on.
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const pace = new Pace(2, () => true);
    pace.begun(3);
    const [first, second] = [pace.turn(), pace.turn()];
    pace.ended();
    expect(await waiting(first)).toBe(true);
    pace.ended();
    await first;
    expect(await waiting(second)).toBe(true);
    pace.ended();
    await second;
    expect(pace.turn()).toBeUndefined();
  });

  it('counts what is under way over all that has begun', () => {
    const pace = new Pace(2, () => true);
    pace.begun(1);
    expect(pace.turn()).toBeUndefined();
    pace.begun(1);
    const turn = pace.turn();
    expect(turn).toBeDefined();
    pace.ended();
    return turn;
  });

  it('lets those go on who wait when the worker has time again, although nothing ended', async () => {
    let busy = true;
    const pace = new Pace(1, () => busy);
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
    const pace = new Pace(2, () => {
      looks += 1;
      return looks < 5;
    });
    pace.begun(2);
    await pace.turn();
    expect(looks).toBe(5);
  });

  it('lets all go on who wait once too little is under way, although fewer ended than wait', async () => {
    const pace = new Pace(2, () => true);
    pace.begun(2);
    const turns = [pace.turn(), pace.turn(), pace.turn()];
    pace.ended();
    for (const turn of turns) await turn;
    expect(pace.turn()).toBeUndefined();
  });
});
