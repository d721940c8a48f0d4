import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { setUp, TestTurn } from '../../testing/bulkhead.ts';
import { TICK_MS } from './bulkhead.ts';

describe('Bulkhead under any sequence of events', () => {
  it('never reorders a lane, never exceeds a limit, starts or holds each delivery once, and leaks nothing', () => {
    const action = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('enter' as const),
          webhook: fc.nat(2),
          lane: fc.nat(3),
          bytes: fc.constantFrom(90, 400),
        }),
      },
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('leave' as const),
          pick: fc.nat(),
          verdict: fc.constantFrom('success', 'failure', 'answered', 'unused'),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('decide' as const),
          pick: fc.nat(),
          verdict: fc.constantFrom('success' as const, 'failure' as const, 'answered' as const),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(3_000) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('pressure' as const), shareFrom: fc.nat(200) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 400 }), (actions) => {
        const { bulkhead, wait, enter, time } = setUp(3);
        const turns: TestTurn[] = [];
        const running: TestTurn[] = [];
        const undecided = new Set<TestTurn>();
        const lastStarted = new Map<string, number>();
        const onStart = (turn: TestTurn): void => {
          const lane = `${turn.webhookId}/${turn.lane}`;
          expect([...undecided].some((other) => `${other.webhookId}/${other.lane}` === lane)).toBe(false);
          expect(turn.source.offset).toBeGreaterThan(lastStarted.get(lane) ?? -1);
          lastStarted.set(lane, turn.source.offset);
          running.push(turn);
          undecided.add(turn);
          expect(running.filter(({ webhookId }) => webhookId === turn.webhookId).length).toBeLessThanOrEqual(3);
        };
        const leave = (pick: number, verdict: 'success' | 'failure' | 'answered' | 'unused'): void => {
          const [turn] = running.splice(pick % Math.max(1, running.length), 1);
          if (!turn) return;
          undecided.delete(turn);
          bulkhead.leave(turn, verdict);
        };
        const decide = (pick: number, verdict: 'success' | 'failure' | 'answered'): void => {
          const turn = running[pick % Math.max(1, running.length)];
          if (!turn) return;
          undecided.delete(turn);
          bulkhead.decided(turn, verdict);
        };
        for (const one of actions) {
          switch (one.kind) {
            case 'enter':
              turns.push(enter(`w${one.webhook}`, `l${one.lane}`, { bytes: one.bytes, offset: turns.length, onStart }));
              break;
            case 'leave':
              leave(one.pick, one.verdict);
              break;
            case 'decide':
              decide(one.pick, one.verdict);
              break;
            case 'wait':
              wait(one.ms);
              break;
            case 'pressure': {
              const fullSpans = [{ topic: 't', partition: 0, shareFrom: one.shareFrom }];
              wait(TICK_MS, { bytesFull: true, fullSpans, othersWait: () => true });
              break;
            }
          }
        }
        while (running.length > 0) leave(0, 'success');
        expect(turns.filter(({ state }) => state === 'waiting')).toEqual([]);
        time.now += 700_000;
        bulkhead.tick(undefined);
        expect(bulkhead.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
