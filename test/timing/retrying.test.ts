import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AttemptRecord } from '#libs/domain';
import { headerText, type KafkaRecord } from '#libs/kafka';

import { seedRetries, tierSettled, type WaitingRetry } from '../support/world/retries.ts';
import { Trail } from '../support/world/trail.ts';
import { type TestCustomer, type Watch, World } from '../support/world/world.ts';

/** Whole hours are never waited for: what counts is the topic in which a record lands. */
const SCHEDULE = '1s,3s,15m,1h,6h';
const FORMER_SCHEDULE = '2s,4m';
const HOUR_MS = 3_600_000;
const RETRY_STEM = 'webhook-retry-';

let world: World;
let customer: TestCustomer;
let tiers: Watch;
let deadLetters: Watch;
let trail: Trail;
let value: Buffer;

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: FORMER_SCHEDULE }, ['config']);
  const apps = [
    await world.start('delivery', { RETRY_SCHEDULE: SCHEDULE }),
    await world.start('retry', { RETRY_SCHEDULE: SCHEDULE }),
  ];
  await Promise.all(apps.map((app) => app.ready()));
  customer = await world.customer();
  [tiers, deadLetters, trail] = await Promise.all([
    world.watch(...SCHEDULE.split(',').map((name) => RETRY_STEM + name)),
    world.watch('webhook-dead-letters'),
    Trail.of(world),
  ]);
  value = await world.encoded(world.sample('call_hangup', customer.id));
});

afterAll(() => world.close());

const tierOf = ({ topic }: KafkaRecord): string => topic.slice((world.prefix + RETRY_STEM).length);
const header = ({ headers }: KafkaRecord, name: string): string | undefined => headerText(headers, `delivery-${name}`);
const isOf =
  (webhookId: string) =>
  ({ key }: KafkaRecord): boolean =>
    key?.toString() === webhookId;

/** A webhook whose endpoint answers 503. */
async function failing(path: string, headers: Record<string, string> = {}): Promise<string> {
  world.receiver.on(path, { kind: 'status', status: 503, headers });
  return (await customer.webhook(path, ['call_hangup'])).id;
}

describe('the schedule', () => {
  it('is kept: no attempt is early, and the jitter and what comes on top of it stay below a tenth and a second', async () => {
    const own = await world.customer();
    world.receiver.on('/schedule', { kind: 'status', status: 503 });
    const { id } = await own.webhook('/schedule', ['call_hangup']);
    for (let event = 0; event < 4; event += 1) await world.produce(world.sample('call_hangup', own.id));
    const requests = await world.receiver.waitFor('/schedule', 12);
    const waits = await tiers.gather(12, isOf(id));
    expect(waits.map(tierOf).toSorted()).toEqual([
      ...Array<string>(4).fill('15m'),
      ...Array<string>(4).fill('1s'),
      ...Array<string>(4).fill('3s'),
    ]);
    const late: number[] = [];
    for (const record of waits.filter((wait) => tierOf(wait) !== '15m')) {
      const sequence = `${header(record, 'origin-partition')}.${header(record, 'origin-offset')}`;
      const attempt = String(Number(header(record, 'attempts')) + 1);
      const request = requests.find(
        ({ headers }) => headers['webhook-sequence'] === sequence && headers['webhook-attempt'] === attempt,
      );
      const delayMs = tierOf(record) === '1s' ? 1_000 : 3_000;
      const waited = request!.at - record.timestamp;
      expect(waited).toBeGreaterThanOrEqual(delayMs);
      late.push(waited - delayMs * 1.1);
    }
    late.sort((one, other) => one - other);
    // A machine that stalls may make one or two of them late, but not most.
    expect(late[5]).toBeLessThan(1_000);
    expect(late[7]).toBeLessThan(5_000);
  });

  it('gives way to a longer Retry-After, up to an hour, and not to a shorter one or to nonsense', async () => {
    const inTenMinutes = new Date(Date.now() + 600_000).toUTCString();
    const cases = [
      ['1', '1s'],
      ['3600', '1h'],
      [String(10 * 365 * 86_400), '1h'],
      [inTenMinutes, '15m'],
      ['Wed, 21 Oct 2015 07:28:00 GMT', '1s'],
      ['soon', '1s'],
      ['-60', '1s'],
      ['1e9', '1s'],
    ] as const;
    const seeds: WaitingRetry[] = [];
    for (const [index, [asked]] of cases.entries()) {
      const webhookId = await failing(`/asks-${index}`, { 'retry-after': asked });
      seeds.push({ tier: '1s', webhookId, value });
    }
    await seedRetries(world, seeds);
    const landed: string[][] = [];
    const planned: string[][] = [];
    for (const [index, { webhookId }] of seeds.entries()) {
      const asked = cases[index]![0];
      const wait = await tiers.next((record) => isOf(webhookId)(record) && header(record, 'attempts') === '1');
      landed.push([asked, tierOf(wait)]);
      const [attempt] = await trail.attempts(webhookId, 1);
      planned.push([asked, attempt!.nextTier ?? attempt!.next]);
      expect(attempt!.nextAt! - wait.timestamp).toBeLessThanOrEqual(HOUR_MS);
    }
    expect(landed).toEqual(cases);
    expect(planned).toEqual(cases);
  });

  it('ends with its last tier, or 72 hours after the first failure', async () => {
    const ago = (ms: number): number => Date.now() - ms;
    const cases = [
      [{ attempts: 5, firstFailureAt: ago(HOUR_MS) }, 'schedule_used_up'],
      [{ attempts: 4, firstFailureAt: ago(HOUR_MS) }, '6h'],
      [{ attempts: 1, firstFailureAt: ago(72 * HOUR_MS) }, 'too_old'],
      [{ attempts: 1, firstFailureAt: ago(71 * HOUR_MS) }, '3s'],
    ] as const;
    const seeds: WaitingRetry[] = [];
    for (const [index, [history]] of cases.entries()) {
      seeds.push({ tier: '1s', webhookId: await failing(`/ends-${index}`), value, history });
    }
    await seedRetries(world, seeds);
    const ends = await Promise.all(
      seeds.map(async ({ webhookId, history }) => {
        const [attempt] = await trail.attempts(webhookId, 1);
        if (attempt!.next === 'retry') {
          const made = String((history?.attempts ?? 0) + 1);
          return tierOf(await tiers.next((record) => isOf(webhookId)(record) && header(record, 'attempts') === made));
        }
        const letter = await deadLetters.next(isOf(webhookId));
        expect(letter.value?.equals(value)).toBe(true);
        expect(header(letter, 'first-failure-at')).toBe(new Date(history!.firstFailureAt!).toISOString());
        return headerText(letter.headers, 'dead-letter-reason');
      }),
    );
    expect(ends).toEqual(cases.map(([, end]) => end));
  });

  it('that is no longer in force leaves no tier behind: what waits there goes on in the new one', async () => {
    const webhookId = await failing('/former');
    await seedRetries(world, [{ tier: '2s', webhookId, value, history: { attempts: 1 } }]);
    const moved = await tiers.next(isOf(webhookId));
    expect(tierOf(moved)).toBe('3s');
    expect(header(moved, 'attempts')).toBe('2');
    await tierSettled(world, '2s');
  });
});

describe('a delivery that is held', () => {
  it('spends no attempt, climbs one tier each time, none beyond 15 minutes, and ends after 72 hours', async () => {
    const webhookId = await failing('/held');
    // Ten failures in a row open the breaker of the webhook, for 5 s.
    const failures = Array.from({ length: 10 }, (): WaitingRetry => ({
      tier: '1s',
      webhookId,
      value,
      history: { attempts: 3 },
    }));
    await seedRetries(world, failures);
    await tiers.gather(10, (record) => isOf(webhookId)(record) && header(record, 'attempts') === '4');

    const before = [0, 1, 2, 3, 9].map((holds) => ({ attempts: 2, holds }));
    const old = { attempts: 1, holds: 3, firstFailureAt: Date.now() - 72 * HOUR_MS };
    await seedRetries(
      world,
      [...before, old].map((history) => ({ tier: '1s', webhookId, value, history })),
    );
    const isHeld = ({ outcome }: AttemptRecord): boolean => outcome === 'held';
    const held = (await trail.attempts(webhookId, 16)).filter(isHeld);
    expect(held.map(({ reason, attempt, nextTier }) => [reason, attempt, nextTier])).toEqual([
      ...['1s', '3s', '15m', '15m', '15m'].map((name) => ['breaker_open', 2, name]),
      ['breaker_open', 1, undefined],
    ]);
    const places = [
      [1, '1s'],
      [2, '3s'],
      [3, '15m'],
      [4, '15m'],
      [10, '15m'],
    ] as const;
    for (const [seed, [holds, tier]] of places.entries()) {
      const moved = await tiers.next(
        (record) =>
          isOf(webhookId)(record) &&
          header(record, 'attempts') === '2' &&
          header(record, 'origin-offset') === String(seed) &&
          header(record, 'holds') === String(holds),
      );
      expect(tierOf(moved)).toBe(tier);
    }
    const letter = await deadLetters.next(isOf(webhookId));
    expect(headerText(letter.headers, 'dead-letter-reason')).toBe('too_old');
    expect(header(letter, 'attempts')).toBe('1');
    expect(world.receiver.received('/held')).toHaveLength(10);
  });
});
