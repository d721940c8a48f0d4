import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import got, { type Got } from 'got';

import { eventually } from '../support/world/eventually.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

const BURST = 20;
let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({ API_RATE: '1', API_BURST: String(BURST), LOG_LEVEL: 'info' }, ['config']);
  customer = await world.customer();
});
afterAll(() => world.close());

const statuses = async (http: Got, count: number): Promise<number[]> => {
  const answers = await Promise.all(Array.from({ length: count }, () => http.get('event-types')));
  return answers.map(({ statusCode }) => statusCode);
};

describe('the rate of an access key', () => {
  it('is said with every answer, and what is too much gets 429 until it has waited; others are not concerned', async () => {
    const other = await world.customer();
    const first = await customer.http.get('event-types');
    expect([first.statusCode, first.headers['ratelimit-policy'], first.headers['ratelimit']]).toEqual([
      200,
      `"key";q=${BURST};w=${BURST}`,
      `"key";r=${BURST - 1};t=1`,
    ]);
    const many = await statuses(customer.http, 2 * BURST);
    expect(new Set(many)).toEqual(new Set([200, 429]));
    expect(many.filter((status) => status === 200).length).toBeLessThan(BURST + 10);
    const refused = await customer.http.get<{ error: object }>('webhooks');
    expect([refused.statusCode, refused.body.error]).toEqual([
      429,
      expect.objectContaining({ status: 'RESOURCE_EXHAUSTED', reason: 'RATE_LIMITED' }),
    ]);
    expect(await statuses(world.operator(), 2 * BURST)).not.toContain(429);
    expect(await statuses(other.http, 5)).not.toContain(429);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    const waited = await eventually(
      () => customer.http.get('event-types'),
      ({ statusCode }) => statusCode === 200,
      seconds * 1_000 + 10_000,
    );
    expect(waited.headers['ratelimit']).toMatch(/^"key";r=\d+;t=\d+$/);
  });
});

describe('a wrong key', () => {
  it('is slowed when it goes on, and counted; a right one from the same address is not', async () => {
    const wrong = world.http('wrong');
    const began = performance.now();
    const all = Array.from({ length: 12 }, () => wrong.get('webhooks'));
    const { statusCode } = await world.operator().get('webhooks');
    const rightAfter = performance.now() - began;
    const answers = await Promise.all(all);
    expect(statusCode).toBe(200);
    expect(rightAfter).toBeLessThan(2_500);
    expect(performance.now() - began).toBeGreaterThan(4_000);
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([401]));
    const metrics = await got(`${world.app('config').address}/metrics`).text();
    expect(metrics).toMatch(/admin_failed_authentications_total\{reason="WRONG_KEY",app="config"\} 12/);
  });
});

describe('every answer', () => {
  it.each(['event-types', 'webhooks/nothing', 'nothing', 'health/live'])(
    'to %s has headers that browsers heed',
    async (path) => {
      const { headers } = await world.operator().get(path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-request-id': expect.any(String),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
    },
  );

  it('is in the log, by its id, without what is secret', async () => {
    const token = 'ak_guessed-by-somebody';
    const searchParams = { page_token: 'private' };
    const headers = { 'x-request-id': 'find-me', authorization: `Bearer ${token}` };
    await world.http(undefined).get('webhooks/some-id', { headers, searchParams });
    const lines = await eventually(
      async () => world.lines.filter((line) => line.includes('find-me')),
      ({ length }) => length > 0,
    );
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        request_id: 'find-me',
        method: 'GET',
        path: '/webhooks/some-id',
        status: 401,
        duration_ms: expect.any(Number),
        client: expect.stringContaining('127.0.0.1'),
      }),
    ]);
    expect(world.lines.join('\n')).not.toMatch(/guessed-by-somebody|private/);
  });

  it('to a body that is too deep says how deep it may be', async () => {
    const body = `{"filter":${'{"all":['.repeat(20)}${']}'.repeat(20)}}`;
    const answer = await world.operator().post<{ error: { reason: string; message: string } }>('webhooks', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.statusCode, answer.body.error.reason]).toEqual([400, 'JSON_TOO_DEEP']);
    expect(answer.body.error.message).toContain('32');
  });
});
