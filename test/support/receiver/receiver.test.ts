import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import got, { type Options } from 'got';

import { LOOPBACK, makeAuthority } from '../certificates/authority.ts';
import {
  answer,
  closeWithoutAnswer,
  delay,
  failFirst,
  hang,
  type Receiver,
  redirect,
  reset,
  startReceiver,
} from './index.ts';

const plain = { retry: { limit: 0 }, throwHttpErrors: false, followRedirect: false } satisfies Partial<Options>;

describe('Receiver', () => {
  let receiver: Receiver;
  const post = (path: string, body = '{}') => got.post(receiver.url(path), { ...plain, body });

  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  it('answers 200 and remembers the request', async () => {
    const before = Date.now();
    expect((await post('/a?b=c', '{"x":1}')).statusCode).toBe(200);
    const [request] = await receiver.waitFor('/a', 1);
    expect(request).toMatchObject({ path: '/a', method: 'POST', body: '{"x":1}' });
    expect(request?.headers['content-length']).toBe('7');
    expect(request?.receivedAt).toBeGreaterThanOrEqual(before);
    expect(request?.finishedAt).toBeGreaterThanOrEqual(request?.receivedAt ?? Infinity);
    expect(receiver.received('/other')).toEqual([]);
  });

  it('changes its behaviour while it runs, path by path', async () => {
    receiver.on('/a', answer(503, { 'retry-after': '3' }, 'no'));
    expect(await post('/a')).toMatchObject({ statusCode: 503, body: 'no', headers: { 'retry-after': '3' } });
    receiver.on('/a', redirect('http://elsewhere.test/'));
    expect(await post('/a')).toMatchObject({ statusCode: 302, headers: { location: 'http://elsewhere.test/' } });
    expect((await post('/b')).statusCode).toBe(200);
  });

  it('fails the first requests only, anew each time it is told to', async () => {
    const flaky = failFirst(2, 500);
    for (let round = 0; round < 2; round += 1) {
      receiver.on('/a', flaky);
      const statuses = [];
      for (let count = 0; count < 3; count += 1) statuses.push((await post('/a')).statusCode);
      expect(statuses).toEqual([500, 500, 200]);
    }
  });

  it('waits before it answers', async () => {
    receiver.on('/a', delay(100, answer(201)));
    const started = performance.now();
    expect((await post('/a')).statusCode).toBe(201);
    expect(performance.now() - started).toBeGreaterThan(95);
  });

  it.each([
    ['resets', reset(), 'ECONNRESET'],
    ['closes', closeWithoutAnswer(), 'ECONNRESET'],
  ])('%s connections', async (_name, behaviour, code) => {
    receiver.on('/a', behaviour);
    await expect(post('/a')).rejects.toMatchObject({ code });
  });

  it('says how many requests came when they were too few', async () => {
    await post('/a');
    await expect(receiver.waitFor('/a', 2, 20)).rejects.toThrow('/a got 1 of 2 requests within 20 ms');
  });

  it('ends what still runs when it is closed', async () => {
    receiver.on('/hang', hang());
    receiver.on('/late', delay(60_000));
    const hanging = [post('/hang'), post('/late')].map((request) => request.catch((error: unknown) => error));
    await Promise.all([receiver.waitFor('/hang', 1), receiver.waitFor('/late', 1)]);
    await receiver.close();
    for (const outcome of await Promise.all(hanging)) expect(outcome).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('Receiver over HTTPS', () => {
  it('serves with its certificate, and resets connections all the same', async () => {
    const authority = await makeAuthority();
    const receiver = await startReceiver({ certificate: await authority.issue(LOOPBACK) });
    receiver.on('/reset', reset());
    const https = { certificateAuthority: authority.caPem };
    expect((await got.post(receiver.url('/a'), { ...plain, https })).statusCode).toBe(200);
    await expect(got.post(receiver.url('/reset'), { ...plain, https })).rejects.toMatchObject({ code: 'ECONNRESET' });
    await receiver.close();
  });
});
