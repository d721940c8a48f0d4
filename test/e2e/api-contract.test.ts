import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import got, { type Response } from 'got';

import type { App } from '../../deploy/local/apps.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { arrived, type DescribedCall } from '../support/contract/contract.ts';
import { accessKeyOf, type CallInput, type CallInputs, callInputs } from '../support/contract/inputs.ts';
import { rawRequest } from '../support/contract/raw-request.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

/** A request: to whom, and with which key. None: no key is sent. */
interface Given extends CallInput {
  readonly key?: string | undefined;
  readonly app?: App;
}

const UNAVAILABLE = 503;
const TOO_LARGE = JSON.stringify({ name: 'x'.repeat(257 * 1024) });

let world: World;
let customer: TestCustomer;
let keys: { readonly operator: string; readonly both: string; readonly read: string; readonly write: string };
/** Counts requests strictly, has other keys to secrets, and lets a customer have one webhook. */
let strict: App;
/** Has no MongoDB. */
let lonely: App;
/** Resolves to what a call needs to succeed. */
let inputs: CallInputs;
/** What was given to calls that succeeded. */
const succeeded = new Map<string, Given>();
const seen = new Set<string>();

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: '200ms', TOPIC_PARTITIONS: '1' }, [
    'config',
    'delivery',
    'retry',
    'ledger',
  ]);
  customer = await world.customer();
  const operator = world.env['OPERATOR_KEY'] ?? '';
  keys = {
    operator,
    both: await accessKeyOf(world, customer, ['read', 'write']),
    read: await accessKeyOf(world, customer, ['read']),
    write: await accessKeyOf(world, customer, ['write']),
  };
  [strict, lonely] = await Promise.all([
    world.start('config', { API_RATE: '1', API_BURST: '1', SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') }),
    world.start('config', { MONGODB_URI: `mongodb://127.0.0.1:${await freePort()}/none` }),
  ]);
  await strict.ready();
  await got(`${lonely.address}/health/live`, { retry: { limit: 600, calculateDelay: () => 100 } });
  inputs = await callInputs(world, customer);
});

afterAll(() => world.close());

/** Makes a call, and holds its answer against the description. */
async function make(call: DescribedCall, given: Given): Promise<Response<string>> {
  const { body, key = keyFor(call), app = world.app('config') } = given;
  const answer = await got(app.address + pathOf(call, given), {
    method: call.method,
    searchParams: { ...given.query },
    headers: {
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...given.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    throwHttpErrors: false,
    retry: { limit: 0 },
  });
  expect(world.contract.differences(call, arrived(answer))).toEqual([]);
  seen.add(`${call.id} ${answer.statusCode}`);
  return answer;
}

function keyFor(call: DescribedCall): string {
  if (call.scope === undefined) return '';
  return call.scope === 'operator' ? keys.operator : keys.both;
}

function pathOf({ path }: DescribedCall, given: Given): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? randomUUID()));
}

async function inputOf({ id }: DescribedCall): Promise<CallInput> {
  const input = inputs[id];
  if (!input) throw new Error(`this test does not know how to make the call ${id} succeed`);
  return await input();
}

/** How an error is brought about, whatever the call. */
const provoke: Readonly<Record<number, (call: DescribedCall) => Promise<Response<string>>>> = {
  401: (call) => make(call, { key: 'ak_none' }),
  403: (call) => {
    if (call.scope === 'operator') return make(call, { key: keys.both });
    return make(call, { key: call.scope === 'read' ? keys.write : keys.read });
  },
  404: async (call) => make(call, { ...(await inputOf(call)), path: {} }),
  409: async (call) => {
    const key = call.scope === 'operator' ? keys.operator : await accessKeyOf(world, customer, ['read', 'write']);
    return make(call, { ...succeeded.get(call.id), key, app: strict });
  },
  412: async (call) => make(call, { ...(await inputOf(call)), headers: { 'if-match': '"999999"' } }),
  413: async (call) =>
    make(call, { ...(await inputOf(call)), body: TOO_LARGE, headers: { 'idempotency-key': randomUUID() } }),
  415: async (call) => make(call, { ...(await inputOf(call)), body: 'x', headers: { 'content-type': 'text/plain' } }),
  422: (call) => make(call, { ...succeeded.get(call.id), body: { another: 'body' } }),
  429: async (call) => {
    const key = await accessKeyOf(world, customer, ['read', 'write']);
    await make(call, { key, app: strict });
    return make(call, { key, app: strict });
  },
  503: (call) => make(call, { key: keys.both, app: lonely }),
};

async function expectProvoked(call: DescribedCall, status: number): Promise<void> {
  const answer = await provoke[status]?.(call);
  expect([call.id, answer?.statusCode]).toEqual([call.id, status]);
}

async function badRequest(call: DescribedCall): Promise<void> {
  const { method, operation, parameters } = call;
  const input = await inputOf(call);
  const attempts: Given[] = [
    ...(parameters.some((parameter) => parameter.in === 'query') ? [{ ...input, query: { nonsense: '1' } }] : []),
    ...(operation.requestBody === undefined
      ? []
      : [
          { ...input, body: { nonsense: 1 } },
          { ...input, body: '[]' },
          { ...input, body: '{' },
          { ...input, body: `${'['.repeat(40)}${']'.repeat(40)}` },
        ]),
    ...(method === 'post' && call.scope !== undefined ? [{ ...input, headers: { 'idempotency-key': 'a b' } }] : []),
  ];
  for (const given of attempts) expect((await make(call, given)).statusCode).toBe(400);
  const raw = await rawRequest(
    world.app('config').address,
    `${method.toUpperCase()} ${call.path} HTTP/1.1\r\nx y\r\n\r\n`,
  );
  expect(raw.status).toBe(400);
  expect(world.contract.differences(call, raw)).toEqual([]);
  seen.add(`${call.id} 400`);
}

describe('every call does what the description says', () => {
  it('has an input in this test', () => {
    const ids = world.contract.calls.map(({ id }) => id);
    expect(Object.keys(inputs).toSorted()).toEqual(ids.toSorted());
  });

  it('succeeds, and a repeated POST has the answer of the first', async () => {
    for (const call of world.contract.calls) {
      const input = await inputOf(call);
      const key = call.method === 'post' ? { 'idempotency-key': randomUUID() } : {};
      const given = { ...input, headers: { ...input.headers, ...key } };
      const { statusCode, body } = await make(call, given);
      expect([call.id, statusCode]).toEqual([call.id, Math.min(...call.answers.keys())]);
      succeeded.set(call.id, given);
      if (call.method !== 'post') continue;
      const again = await make(call, given);
      expect([again.statusCode, again.body, again.headers['idempotency-replayed']]).toEqual([statusCode, body, 'true']);
    }
  });

  it('fails for the reasons that are described', async () => {
    for (const call of world.contract.calls) {
      await badRequest(call);
      for (const status of [...call.answers.keys()].filter((each) => each > 400 && each !== UNAVAILABLE)) {
        await expectProvoked(call, status);
      }
    }
  });

  it('answers 503 while MongoDB does not answer', async () => {
    const calls = world.contract.calls.filter(({ answers }) => answers.has(UNAVAILABLE));
    await Promise.all(calls.map((call) => expectProvoked(call, UNAVAILABLE)));
  });

  it('has no status that was not seen', () => {
    const described = world.contract.calls.flatMap(({ id, answers }) =>
      [...answers.keys()].map((status) => `${id} ${status}`),
    );
    const unseen = described.filter((answer) => !seen.has(answer));
    expect(unseen).toEqual([]);
  });
});
