import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { FAILURES_COUNTED, NO_HEALTH, type WebhookHealth } from './webhook-health.ts';
import { GONE_AFTER_MS, verdictOf, type WebhookVerdict } from './webhook-verdict.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const WELL: WebhookVerdict = { kind: 'well' };
const FAILING: WebhookVerdict = { kind: 'failing' };
const disabled = (reason: 'failing' | 'gone'): WebhookVerdict => ({ kind: 'to_disable', reason });

const failingFor = (ms: number, failures: number, goneForMs?: number): WebhookHealth => ({
  ...NO_HEALTH,
  failingSince: START,
  lastFailureAt: START + ms,
  failures,
  goneSince: goneForMs === undefined ? undefined : START + ms - goneForMs,
});

describe('the verdict on a webhook', () => {
  it('is well without failures since it was last well, whatever was before', () => {
    expect(verdictOf(NO_HEALTH, 0)).toEqual(WELL);
    expect(verdictOf({ ...NO_HEALTH, lastSuccessAt: START + 9, lastFailureAt: START + 8 }, 0)).toEqual(WELL);
  });

  it.each([
    ['20 failures over 5 days', 5 * DAY_MS, 20, disabled('failing')],
    ['19 failures over 5 days', 5 * DAY_MS, 19, FAILING],
    ['20 failures over a millisecond less', 5 * DAY_MS - 1, 20, FAILING],
    ['4 failures over a day', DAY_MS, 4, FAILING],
    ['3 failures over 9 days', 9 * DAY_MS, 3, WELL],
    ['20 failures over a millisecond less than a day', DAY_MS - 1, 20, WELL],
    ['a single failure', 0, 1, WELL],
  ])('for %s', (_case, ms, failures, verdict) => {
    expect(verdictOf(failingFor(ms, failures), 5 * DAY_MS)).toEqual(verdict);
  });

  it('is never failing where webhooks may fail for ever, but gone all the same', () => {
    expect(verdictOf(failingFor(900 * DAY_MS, 20), -1)).toEqual(WELL);
    expect(verdictOf(failingFor(900 * DAY_MS, 20, GONE_AFTER_MS), -1)).toEqual(disabled('gone'));
  });

  it.each([
    ['410 twice a minute apart', GONE_AFTER_MS, 2, disabled('gone')],
    ['410 twice within a minute', GONE_AFTER_MS - 1, 2, WELL],
    ['410 once', 0, 1, WELL],
  ])('for %s', (_case, ms, failures, verdict) => {
    expect(verdictOf(failingFor(ms, failures, ms), 5 * DAY_MS)).toEqual(verdict);
  });

  it('does not get better by more failures, later', () => {
    const rank = (verdict: WebhookVerdict): number => ['well', 'failing', 'to_disable'].indexOf(verdict.kind);
    const ms = fc.nat(10 * DAY_MS);
    fc.assert(
      fc.property(ms, ms, fc.nat(FAILURES_COUNTED), fc.nat(FAILURES_COUNTED), ms, (first, more, few, others, after) => {
        const before = verdictOf(failingFor(first, few), after);
        const later = failingFor(first + more, Math.min(FAILURES_COUNTED, few + others));
        expect(rank(verdictOf(later, after))).toBeGreaterThanOrEqual(rank(before));
      }),
    );
  });
});
