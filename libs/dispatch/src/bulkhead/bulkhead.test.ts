import { describe, expect, it } from '@jest/globals';

import { bytesFull, setUp, SHARE, TestTurn } from '../../testing/bulkhead.ts';
import { BREAKER_SETTINGS } from '../breaker/circuit-breaker.ts';
import { TICK_MS } from './bulkhead.ts';

describe('Bulkhead: lanes and slots', () => {
  it('attempts one delivery of a lane at a time, in order, and other lanes beside it', () => {
    const { bulkhead, enter } = setUp(10);
    const [first, second, other] = [enter('w', 'a'), enter('w', 'a'), enter('w', 'b')];
    expect([first.state, second.state, other.state]).toEqual(['running', 'waiting', 'running']);
    bulkhead.leave(first, 'success');
    expect(second.state).toBe('running');
  });

  it('keeps the order of the lanes in use, however many others come and go', () => {
    const { bulkhead, enter } = setUp(100);
    const busy = Array.from({ length: 15 }, (_, lane) => [enter('w', `busy ${lane}`), enter('w', `busy ${lane}`)]);
    for (let lane = 0; lane < 200; lane += 1) bulkhead.leave(enter('w', `short ${lane}`), 'success');
    expect(busy.map((turns) => turns.map(({ state }) => state))).toEqual(busy.map(() => ['running', 'waiting']));
    for (const [first] of busy) bulkhead.leave(first!, 'success');
    expect(busy.map(([, second]) => second?.state)).toEqual(busy.map(() => 'running'));
  });

  it('attempts no more than the limit at once, and never makes one webhook wait for another', () => {
    const { bulkhead, enter } = setUp(2);
    const turns = [enter('w'), enter('w'), enter('w')];
    expect(turns.map(({ state }) => state)).toEqual(['running', 'running', 'waiting']);
    expect(enter('other').state).toBe('running');
    bulkhead.leave(turns[1]!, 'failure');
    expect(turns[2]!.state).toBe('running');
  });

  it('begins with twenty at once, and allows one more for each success at the limit', () => {
    const { bulkhead, enter } = setUp(100);
    const turns = Array.from({ length: 200 }, () => enter('w'));
    const started = (): TestTurn[] => turns.filter(({ state }) => state === 'running');
    expect(started()).toHaveLength(20);
    for (const turn of started()) bulkhead.leave(turn, 'success');
    expect(started()).toHaveLength(60);
  });

  it('allows no more for successes below the limit', () => {
    const { bulkhead, enter } = setUp(100);
    for (let count = 0; count < 50; count += 1) bulkhead.leave(enter('w'), 'success');
    const turns = Array.from({ length: 50 }, () => enter('w'));
    expect(turns.filter(({ state }) => state === 'running')).toHaveLength(20);
  });

  it('allows half as many after a failure, and as many as before after a refusal', () => {
    const { bulkhead, enter } = setUp(100);
    const underway: TestTurn[] = [];
    const onStart = (turn: TestTurn): void => void underway.push(turn);
    for (let count = 0; count < 300; count += 1) enter('w', undefined, { onStart });
    const leave = (times: number, verdict: 'success' | 'failure' | 'answered'): void => {
      for (const turn of underway.splice(0, times)) bulkhead.leave(turn, verdict);
    };
    leave(20, 'success');
    leave(40, 'success');
    expect(underway).toHaveLength(80);
    leave(1, 'failure');
    leave(39, 'answered');
    expect(underway).toHaveLength(40);
    leave(1, 'answered');
    expect(underway).toHaveLength(40);
  });

  it('lets the next of a lane begin with the answer, and frees the slot when the exchange is over', () => {
    const { bulkhead, enter } = setUp(2);
    const [first, second, third] = [enter('w', 'a'), enter('w', 'a'), enter('w', 'a')];
    bulkhead.decided(first, 'success');
    bulkhead.decided(first, 'success');
    bulkhead.decided(second, 'success');
    expect([first, second, third].map(({ state }) => state)).toEqual(['running', 'running', 'waiting']);
    bulkhead.leave(first, 'success');
    expect(third.state).toBe('running');
  });

  it('holds what waits for a webhook whose answers do not end', () => {
    const { bulkhead, enter, wait } = setUp(2);
    const turns = Array.from({ length: 4 }, () => enter('w'));
    for (const turn of turns.slice(0, 2)) bulkhead.decided(turn, 'success');
    wait(1_000);
    expect(turns.map(({ state }) => state)).toEqual(['running', 'running', 'stuck', 'stuck']);
  });

  it('frees one slot for an attempt, however often it is ended', () => {
    const { bulkhead, enter } = setUp(2);
    const turns = Array.from({ length: 4 }, () => enter('w'));
    bulkhead.leave(turns[0]!, 'success');
    bulkhead.leave(turns[0]!, 'success');
    expect(turns.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'waiting']);
  });

  it('ends ten thousand deliveries that nobody wants any more without nesting', () => {
    const { bulkhead, enter } = setUp(1);
    const blocker = enter('w', 'a');
    const turns = Array.from({ length: 10_000 }, () =>
      enter('w', 'a', { onStart: (turn) => bulkhead.leave(turn, 'unused') }),
    );
    bulkhead.leave(blocker, 'success');
    expect(turns.every(({ state }) => state === 'running')).toBe(true);
  });

  it('does not forget a webhook with an attempt under way, however long it takes', () => {
    const { bulkhead, enter, wait } = setUp();
    const first = enter('w', 'a');
    wait(700_000);
    const second = enter('w', 'a');
    expect(second.state).toBe('waiting');
    bulkhead.leave(first, 'success');
    expect(second.state).toBe('running');
  });

  it('forgets a webhook that has been idle for ten seconds, and looks every five', () => {
    const { bulkhead, enter, wait } = setUp();
    wait(1_000);
    bulkhead.leave(enter('w'), 'success');
    wait(14_000 - TICK_MS);
    expect(bulkhead.size).toBe(1);
    wait(TICK_MS);
    expect(bulkhead.size).toBe(0);
  });

  it('forgets idle webhooks, also a hundred thousand of them', () => {
    const { bulkhead, enter, wait } = setUp();
    for (let index = 0; index < 100_000; index += 1) bulkhead.leave(enter(`w${index}`), 'success');
    expect(bulkhead.size).toBe(100_000);
    wait(16_000);
    expect(bulkhead.size).toBe(0);
  });
});

describe('Bulkhead: where the order is not kept', () => {
  it('holds at once what exceeds the deliveries that may wait for a slot, and counts each webhook alone', () => {
    const { bulkhead, enter } = setUp(2, 3);
    const turns = Array.from({ length: 9 }, () => enter('w'));
    expect(turns.map(({ state }) => state)).toEqual([
      'running',
      'running',
      ...Array<string>(6).fill('waiting'),
      'backlog',
    ]);
    expect(enter('other').state).toBe('running');
    bulkhead.leave(turns[0]!, 'success');
    expect(enter('w').state).toBe('waiting');
  });

  it('lets more wait for a webhook that may have more under way', () => {
    const { bulkhead, enter } = setUp(100, 3);
    const turns = Array.from({ length: 20 }, () => enter('w'));
    const waiting = Array.from({ length: 60 }, () => enter('w'));
    expect(enter('w').state).toBe('backlog');
    for (const turn of turns) bulkhead.leave(turn, 'success');
    expect(waiting.filter(({ state }) => state === 'running')).toHaveLength(40);
    const more = Array.from({ length: 101 }, () => enter('w').state);
    expect(more).toEqual([...Array<string>(100).fill('waiting'), 'backlog']);
  });
});

describe('Bulkhead: what waits for webhooks that do not answer', () => {
  it('is counted after 200 ms without a success, as long as it is there', () => {
    const { bulkhead, time, enter } = setUp(2);
    const turns = Array.from({ length: 5 }, () => enter('silent'));
    enter('alone');
    expect(bulkhead.unanswered()).toBe(0);
    time.now = 190;
    expect(bulkhead.unanswered()).toBe(0);
    time.now = 200;
    expect(bulkhead.unanswered()).toBe(5);
    bulkhead.leave(turns[0]!, 'success');
    time.now = 210;
    expect(bulkhead.unanswered()).toBe(0);
    time.now = 400;
    expect(bulkhead.unanswered()).toBe(4);
  });
});

describe('Bulkhead: stuck webhooks', () => {
  it('waits for a webhook that makes progress, however long its queue', () => {
    const { bulkhead, enter, wait } = setUp(2);
    const turns = Array.from({ length: 50 }, () => enter('w'));
    for (const turn of turns) {
      expect(turn.state).toBe('running');
      wait(750);
      bulkhead.leave(turn, 'success');
    }
  });

  it('holds what waits, and what comes, after a second without a success while all slots are taken', () => {
    const { bulkhead, enter, wait } = setUp(2);
    const turns = Array.from({ length: 4 }, () => enter('w'));
    wait(750);
    expect(turns.map(({ state }) => state)).toEqual(['running', 'running', 'waiting', 'waiting']);
    wait(250);
    expect(turns.map(({ state }) => state)).toEqual(['running', 'running', 'stuck', 'stuck']);
    expect(enter('w').state).toBe('stuck');
    bulkhead.leave(turns[0]!, 'success');
    expect(enter('w').state).toBe('running');
    expect(enter('w').state).toBe('waiting');
  });

  it('stops holding what comes once a slot is free, also without a success', () => {
    const { bulkhead, enter, wait } = setUp(2);
    const turns = Array.from({ length: 3 }, () => enter('w'));
    wait(1_000);
    expect(turns[2]!.state).toBe('stuck');
    for (const turn of turns.slice(0, 2)) bulkhead.leave(turn, 'failure');
    expect([enter('w', 'a'), enter('w', 'a')].map(({ state }) => state)).toEqual(['running', 'waiting']);
    expect([enter('w'), enter('w')].map(({ state }) => state)).toEqual(['running', 'waiting']);
  });

  it('waits for a webhook that refuses events, as long as it answers', () => {
    const { bulkhead, enter, wait } = setUp(2);
    const turns = Array.from({ length: 50 }, () => enter('w'));
    for (const turn of turns) {
      expect(turn.state).toBe('running');
      wait(750);
      bulkhead.leave(turn, 'answered');
    }
  });

  it('is not stuck any more when it comes to rest', () => {
    const { bulkhead, enter, wait } = setUp(2);
    const turns = [enter('w', 'a'), enter('w', 'a')];
    wait(1_000, bytesFull(['other']));
    expect(turns[1]!.state).toBe('stuck');
    bulkhead.leave(turns[0]!, 'failure');
    expect([enter('w', 'a'), enter('w', 'a')].map(({ state }) => state)).toEqual(['running', 'waiting']);
  });

  it('holds what waits after a second without a success, however much comes meanwhile', () => {
    const { enter, wait } = setUp(1);
    const [, second] = [enter('w'), enter('w')];
    for (let passed = 0; passed < 1_000; passed += TICK_MS) {
      enter('w');
      wait(TICK_MS);
    }
    expect(second.state).toBe('stuck');
  });

  it('waits for a whole second, whenever the waiting began', () => {
    const { time, enter, wait } = setUp(1);
    time.now += 1;
    const [, second] = [enter('w'), enter('w')];
    time.now -= 1;
    wait(1_000);
    expect(second.state).toBe('waiting');
    wait(TICK_MS);
    expect(second.state).toBe('stuck');
  });

  it('does not take a standstill of the process for slow endpoints', () => {
    const { bulkhead, time, enter } = setUp(1);
    const [first, second] = [enter('w'), enter('w')];
    time.now += 30_000;
    bulkhead.tick(undefined);
    expect(second.state).toBe('waiting');
    bulkhead.leave(first, 'success');
    expect(second.state).toBe('running');
  });

  it('takes nobody for stuck for whom nothing waited, however long its attempts take', () => {
    const { bulkhead, enter, wait } = setUp(2);
    const turns = [enter('w'), enter('w'), enter('w')];
    bulkhead.leave(turns[0]!, 'success');
    wait(5_000);
    expect(turns.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    expect(enter('w').state).toBe('waiting');
  });

  it('does not hold what waits only for its lane', () => {
    const { enter, wait } = setUp(2);
    enter('w', 'a');
    const second = enter('w', 'a');
    wait(4_000);
    expect(second.state).toBe('waiting');
  });
});

describe('Bulkhead: failing webhooks', () => {
  it('holds everything once the breaker opens, also what waits in lanes, and sends probes after its pause', () => {
    const { bulkhead, enter, wait } = setUp(3);
    const waiting = [enter('w', 'slow'), enter('w', 'slow')];
    for (let count = 0; count < BREAKER_SETTINGS.consecutiveFailures; count += 1) {
      bulkhead.leave(enter('w'), 'failure');
    }
    expect(waiting.map(({ state }) => state)).toEqual(['running', 'breaker_open']);
    expect(enter('w').state).toBe('breaker_open');
    expect(enter('other').state).toBe('running');
    bulkhead.leave(waiting[0]!, 'failure');
    wait(BREAKER_SETTINGS.firstPauseMs);
    const probes = Array.from({ length: 4 }, () => enter('w'));
    expect(probes.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'breaker_open']);
    for (const probe of probes.slice(0, 3)) bulkhead.leave(probe, 'success');
    expect(enter('w', 'slow').state).toBe('running');
  });

  it('holds what waited for a slot, and what waits behind it, once the probes are used up', () => {
    const { bulkhead, enter, wait } = setUp(2);
    for (let count = 0; count < BREAKER_SETTINGS.consecutiveFailures; count += 1) {
      bulkhead.leave(enter('w'), 'failure');
    }
    wait(BREAKER_SETTINGS.firstPauseMs);
    const turns = [enter('w'), enter('w'), enter('w'), enter('w', 'a'), enter('w', 'a')];
    bulkhead.leave(turns[0]!, 'success');
    bulkhead.leave(turns[1]!, 'success');
    expect(turns.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'breaker_open', 'breaker_open']);
  });

  it('keeps an open breaker in mind while nothing is under way, and forgets it when nobody asks for long', () => {
    const { bulkhead, enter, wait } = setUp(3);
    for (let count = 0; count < BREAKER_SETTINGS.consecutiveFailures; count += 1) {
      bulkhead.leave(enter('w'), 'failure');
    }
    wait(60_000);
    expect(bulkhead.size).toBe(1);
    wait(600_000);
    expect(bulkhead.size).toBe(0);
  });
});

describe('Bulkhead: shares', () => {
  const backlog = (enter: ReturnType<typeof setUp>['enter']): TestTurn[] =>
    Array.from({ length: 20 }, (_, offset) => enter('big', undefined, { bytes: 100, offset }));

  it('holds what is over a quarter while others wait, the newest first, and what comes on top', () => {
    const { enter, wait } = setUp(1);
    const turns = backlog(enter);
    wait(TICK_MS, bytesFull(['other']));
    expect(turns.map(({ state }) => state)).toEqual([
      'running',
      ...Array.from({ length: 9 }, () => 'waiting'),
      ...Array.from({ length: 10 }, () => 'backlog'),
    ]);
    expect(enter('big', undefined, { bytes: 100 }).state).toBe('backlog');
  });

  it('accepts more again when the webhook has caught up', () => {
    const { bulkhead, enter, wait } = setUp(1);
    const turns = backlog(enter);
    wait(TICK_MS, bytesFull(['other']));
    for (const turn of turns.slice(0, 6)) bulkhead.leave(turn, 'success');
    expect(enter('big', undefined, { bytes: 100 }).state).toBe('waiting');
  });

  it('accepts nothing beyond the share until less than half of it is left, and any amount from then on', () => {
    const { bulkhead, enter, wait } = setUp(1);
    const turns = backlog(enter);
    wait(TICK_MS, bytesFull(['other']));
    for (const turn of turns.slice(0, 5)) bulkhead.leave(turn, 'success');
    expect(enter('big', undefined, { bytes: 501 }).state).toBe('backlog');
    const last = enter('big', undefined, { bytes: 500 });
    expect(last.state).toBe('waiting');
    for (const turn of [...turns.slice(5, 10), last]) bulkhead.leave(turn, 'success');
    expect(enter('big', undefined, { bytes: SHARE + 1 }).state).toBe('running');
  });

  it('holds nothing of a webhook that takes its share and no more, nor of one that has nothing waiting', () => {
    const { bulkhead, enter, wait } = setUp(2);
    Array.from({ length: 10 }, () => enter('even', undefined, { bytes: 100 }));
    const large = Array.from({ length: 3 }, () => enter('large', undefined, { bytes: 600 }));
    bulkhead.leave(large[0]!, 'success');
    wait(TICK_MS, bytesFull(['other']));
    expect(enter('even', undefined, { bytes: 100 }).state).toBe('waiting');
    expect(enter('large', undefined, { bytes: 100 }).state).toBe('waiting');
  });

  it('lets a lane wait for its first while bytes are not what the worker waits for', () => {
    const { enter, wait } = setUp(2);
    const turns = [enter('w', 'a'), enter('w', 'a')];
    wait(2_000, { bytesFull: false, fullSpans: [], othersWait: () => true });
    expect(turns.map(({ state }) => state)).toEqual(['running', 'waiting']);
  });

  it('goes on with a lane whose first was held while it waited for a slot', () => {
    const { bulkhead, enter, wait } = setUp(1);
    const running = enter('w');
    const [first, second] = [enter('w', 'a', { offset: 1 }), enter('w', 'a', { offset: 9 })];
    const fullSpans = [{ topic: 't', partition: 0, shareFrom: 5 }];
    wait(TICK_MS, { bytesFull: false, fullSpans, othersWait: () => true });
    expect([first.state, second.state]).toEqual(['backlog', 'waiting']);
    bulkhead.leave(running, 'success');
    expect(second.state).toBe('running');
  });

  it('does not hold what starts meanwhile, because an attempt ends when another delivery is held', () => {
    const { bulkhead, enter, wait } = setUp(1);
    const running = enter('big', undefined, { bytes: 600 });
    const next = enter('big', undefined, { bytes: 1_200 });
    enter('big', undefined, { bytes: 100, onHold: () => bulkhead.leave(running, 'success') });
    wait(TICK_MS, bytesFull(['other']));
    expect(next.state).toBe('running');
  });

  it('holds nothing for the sake of another partition', () => {
    const { enter, wait } = setUp(1);
    const turns = backlog(enter);
    const fullSpans = [
      { topic: 't', partition: 1, shareFrom: 5 },
      { topic: 'other', partition: 0, shareFrom: 5 },
    ];
    wait(TICK_MS, { bytesFull: false, fullSpans, othersWait: () => true });
    expect(turns.some(({ state }) => state === 'backlog')).toBe(false);
  });

  it('waits for a healthy webhook under a burst when nobody else does', () => {
    const { enter, wait } = setUp(1);
    const turns = backlog(enter);
    wait(TICK_MS, bytesFull(['big']));
    expect(turns.some(({ state }) => state === 'backlog')).toBe(false);
  });

  it('holds nobody to a share while the worker itself is the bottleneck', () => {
    const { time, enter, wait } = setUp(1);
    time.busy = true;
    const turns = backlog(enter);
    wait(TICK_MS, bytesFull(['other']));
    expect(turns.some(({ state }) => state === 'backlog')).toBe(false);
  });

  it('holds what waits in lanes without a success for a second, however little it is, once the bound is full', () => {
    const { bulkhead, enter, wait } = setUp(20);
    const [hanging, behind] = [enter('hangs', 'a'), enter('hangs', 'a')];
    const [works, next] = [enter('works', 'a'), enter('works', 'a')];
    wait(750, bytesFull(['other']));
    bulkhead.leave(works, 'success');
    const after = enter('works', 'a');
    wait(250, bytesFull(['other']));
    expect([hanging, behind, next, after].map(({ state }) => state)).toEqual([
      'running',
      'stuck',
      'running',
      'waiting',
    ]);
  });

  it.each(['success', 'answered'] as const)(
    'lets nothing more wait in the lanes of a webhook that filled the bound, until it answers (%s)',
    (answer) => {
      const { bulkhead, enter, wait } = setUp(20);
      const hanging = enter('hangs', 'a');
      enter('hangs', 'a');
      wait(1_000, bytesFull(['other']));
      const [sameLane, freeLane] = [enter('hangs', 'a'), enter('hangs', 'b')];
      expect([sameLane.state, freeLane.state, enter('other', 'a').state]).toEqual(['stuck', 'running', 'running']);
      wait(1_000);
      expect(enter('hangs', 'b').state).toBe('stuck');
      bulkhead.leave(hanging, 'failure');
      expect(enter('hangs', 'b').state).toBe('stuck');
      bulkhead.leave(freeLane, answer);
      expect([enter('hangs', 'b'), enter('hangs', 'b')].map(({ state }) => state)).toEqual(['running', 'waiting']);
    },
  );

  it('holds the old ones that keep a partition from going on', () => {
    const { enter, wait } = setUp(1);
    const turns = backlog(enter);
    const fullSpans = [{ topic: 't', partition: 0, shareFrom: 5 }];
    wait(TICK_MS, { bytesFull: false, fullSpans, othersWait: () => true });
    expect(turns.map(({ state }) => state)).toEqual([
      'running',
      ...Array.from({ length: 4 }, () => 'backlog'),
      ...Array.from({ length: 15 }, () => 'waiting'),
    ]);
  });
});
