import { describe, expect, it } from '@jest/globals';

import { Window } from './window.ts';

describe('Window', () => {
  it('is full at its limit, and wakes those who wait when bytes come back', async () => {
    const window = new Window(100);
    window.take(60);
    expect(window.hasRoom()).toBe(true);
    window.take(60);
    expect(window.hasRoom()).toBe(false);
    const room = window.room(60_000);
    window.give(60);
    await room;
    expect(window.bytes).toBe(60);
  });

  it('lets one record pass that is larger than the limit', () => {
    const window = new Window(10);
    expect(window.hasRoom()).toBe(true);
    window.take(1_000);
    expect(window.hasRoom()).toBe(false);
  });

  it('gives those who wait a chance to look after the time they named', async () => {
    const window = new Window(1);
    window.take(1);
    await expect(window.room(5)).resolves.toBeUndefined();
    expect(window.hasRoom()).toBe(false);
  });
});
