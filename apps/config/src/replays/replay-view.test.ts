import { randomUUID } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { NO_PROGRESS, type Replay } from '#libs/store';

import { replayView } from './replay-view.ts';

const ofDeadLetters = (total: number, read: number): Replay => ({
  id: randomUUID(),
  webhookId: randomUUID(),
  customerId: randomUUID(),
  source: { kind: 'dead_letters', id: undefined, total, upTo: 'x' },
  state: 'running',
  progress: { ...NO_PROGRESS, read },
  failure: undefined,
  createdAt: 0,
  startedAt: 0,
  finishedAt: undefined,
});

describe('the total of a replay', () => {
  it('grows with what was read, where there were more dead letters than were counted', () => {
    const total = (counted: number, read: number): number =>
      replayView(ofDeadLetters(counted, read), { delivered: 0, deadLetters: 0 }).progress.total;
    expect([total(20_000, 500), total(20_000, 20_000), total(20_000, 20_500)]).toEqual([20_000, 20_000, 20_500]);
  });
});
