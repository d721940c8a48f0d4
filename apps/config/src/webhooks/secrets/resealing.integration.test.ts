import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type SealedSecret, UnavailableError } from '#libs/domain';
import { createLogger, createMetrics, SecretBox } from '#libs/runtime';
import { SealedValuesRepository, type StoredWebhook, WebhookChangeRepository, WebhookRepository } from '#libs/store';

import { TestDatabase } from '../../../../../libs/store/testing/database.ts';
import { aWebhook } from '../../../../../libs/store/testing/webhooks.ts';
import { eventually } from '../../../../../test/support/world/eventually.ts';
import { Resealing } from './resealing.ts';
import { rotated } from './rotated.ts';
import { newSigningSecret } from './signing-secret.ts';

const HOUR = 3_600_000;
const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
const database = new TestDatabase('resealing');
const webhooks = new WebhookRepository(database.store, clock);
const changes = new WebhookChangeRepository(database.store, clock);
const repository = new SealedValuesRepository(database.store);
const logger = createLogger('test', 'silent');
const documents = database.db.collection<{ _id: string; control_pending?: object }>('webhooks');

const [olderKey, newerKey] = [randomBytes(32), randomBytes(32)];
const before = new SecretBox([olderKey, newerKey]);
const now = new SecretBox([newerKey, olderKey]);
const afterwards = new SecretBox([newerKey]);

beforeEach(() => documents.deleteMany({}));
afterEach(() => void jest.restoreAllMocks());
afterAll(() => database.drop());

async function stored(given: Partial<StoredWebhook> = {}): Promise<StoredWebhook> {
  const webhook = aWebhook(given);
  await webhooks.told(await webhooks.insert(webhook));
  return webhook;
}

function resealing(box = now) {
  const metrics = createMetrics('test');
  const worker = new Resealing({ repository, box, clock, logger, metrics, everyMs: 20 });
  const counts = async (): Promise<Record<string, number>> => {
    const { values } = (await metrics.getSingleMetric('webhook_sealed_values')?.get()) ?? { values: [] };
    return Object.fromEntries(values.map(({ labels, value }) => [labels['key'], value]));
  };
  return { worker, counts };
}

const sealedBefore = (bytes = randomBytes(32), expiresAt?: number): SealedSecret => ({
  sealed: before.seal(bytes),
  ...(expiresAt === undefined ? {} : { expiresAt }),
});
const openedBy = (box: SecretBox, secrets: readonly SealedSecret[] = []): unknown[] =>
  secrets.map(({ sealed, expiresAt }) => [box.open(sealed), expiresAt]);
const secretsOf = async ({ id }: StoredWebhook) => (await webhooks.find(id))?.secrets;

describe('re-sealing', () => {
  it('seals every secret in use with the first key, and changes nothing else', async () => {
    const [current, replaced] = [randomBytes(64), randomBytes(24)];
    const expiresAt = clock.time + HOUR;
    const webhook = await stored({ secrets: [sealedBefore(current), sealedBefore(replaced, expiresAt)] });
    const [document] = await documents.find().toArray();
    const { worker, counts } = resealing();
    expect(await counts()).toEqual({});
    await worker.pass();
    const secrets = await secretsOf(webhook);
    expect(openedBy(afterwards, secrets)).toEqual([
      [current, undefined],
      [replaced, expiresAt],
    ]);
    expect(await documents.findOne()).toEqual({ ...document, secrets: expect.anything(), sealing: 1 });
    expect(await counts()).toEqual({ first: 2, older: 0, none: 0 });
    await worker.pass();
    expect(await secretsOf(webhook)).toEqual(secrets);
  });

  it('seals header values anew, too, and the plain ones stay as they are', async () => {
    const plain = { name: 'x-tenant', value: 'blue' };
    const headers = [plain, { name: 'authorization', sealed: before.seal(Buffer.from('Bearer t')) }];
    const webhook = await stored({ headers, secrets: [{ sealed: now.seal(randomBytes(32)) }] });
    const { worker, counts } = resealing();
    await worker.pass();
    expect(await counts()).toEqual({ first: 2, older: 0, none: 0 });
    const [first, second] = (await webhooks.find(webhook.id))?.headers ?? [];
    expect(first).toEqual(plain);
    expect(second && 'sealed' in second && afterwards.open(second.sealed)?.toString()).toBe('Bearer t');
  });

  it('reaches all webhooks but those that were deleted, and takes a pause after each hundred', async () => {
    const many = Array.from({ length: 205 }, () => aWebhook({ secrets: [sealedBefore()] }));
    await webhooks.insertMany(many);
    const [first] = many;
    await webhooks.bury(first?.id ?? '');
    const { worker, counts } = resealing();
    const started = performance.now();
    await worker.pass();
    expect(performance.now() - started).toBeGreaterThan(190);
    expect(await counts()).toEqual({ first: 204, older: 0, none: 0 });
    const found = await repository.page({ after: undefined, limit: 1_000 });
    expect(found.flatMap(({ secrets }) => secrets.filter(({ sealed }) => !afterwards.open(sealed)))).toEqual([]);
    expect(found).toHaveLength(204);
  });

  it('gives way to a change that comes between, and does the rest in the next pass', async () => {
    const bytes = randomBytes(32);
    const webhook = await stored({ secrets: [sealedBefore(bytes)] });
    const next = newSigningSecret();
    const replace = repository.replace.bind(repository);
    jest.spyOn(repository, 'replace').mockImplementationOnce(async (found, values) => {
      await changes.change(webhook, (it, at) => {
        const after = rotated(it.secrets, next, { box: before, now: at });
        if ('kind' in after) throw new Error(after.reason);
        return { ...it, name: 'changed', secrets: after };
      });
      return replace(found, values);
    });
    const { worker, counts } = resealing();
    await worker.pass();
    const opened = [
      [next.bytes, undefined],
      [bytes, clock.time + 24 * HOUR],
    ];
    expect(await counts()).toEqual({ first: 0, older: 1, none: 0 });
    expect(await webhooks.find(webhook.id)).toMatchObject({ name: 'changed', revision: webhook.revision + 1 });
    expect(openedBy(before, await secretsOf(webhook))).toEqual(opened);
    await worker.pass();
    expect(await counts()).toEqual({ first: 2, older: 0, none: 0 });
    expect(openedBy(afterwards, await secretsOf(webhook))).toEqual(opened);
  });

  it('goes on after a stop where it was, and several at once agree', async () => {
    await webhooks.insertMany(Array.from({ length: 5 }, () => aWebhook({ secrets: [sealedBefore()] })));
    const stopped = resealing();
    const replace = repository.replace.bind(repository);
    const { promise: ended, resolve: end } = Promise.withResolvers<Promise<void>>();
    const spy = jest.spyOn(repository, 'replace').mockImplementation(async (found, values) => {
      const done = await replace(found, values);
      if (spy.mock.calls.length === 2) end(stopped.worker.stop());
      return done;
    });
    stopped.worker.start();
    await ended;
    expect([spy.mock.calls.length, await stopped.counts()]).toEqual([2, {}]);
    spy.mockRestore();
    const others = [resealing(), resealing()];
    await Promise.all(others.map(({ worker }) => worker.pass()));
    await Promise.all(others.map(({ worker }) => worker.pass()));
    for (const { counts } of others) expect(await counts()).toEqual({ first: 5, older: 0, none: 0 });
  });

  it('looks again and again while there are older keys, also after an outage, and else once', async () => {
    const page = jest.spyOn(repository, 'page').mockRejectedValueOnce(new UnavailableError('mongodb', 'away'));
    const { worker, counts } = resealing();
    worker.start();
    await eventually(counts, ({ older }) => older === 0);
    await stored({ secrets: [sealedBefore()] });
    await eventually(counts, ({ first }) => first === 1);
    await worker.stop();
    page.mockClear();
    const alone = resealing(afterwards);
    alone.worker.start();
    await eventually(alone.counts, ({ first }) => first === 1);
    await alone.worker.stop();
    expect(page).toHaveBeenCalledTimes(1);
  });

  it('leaves what no key opens as it is, says so, and forgets what has expired', async () => {
    const foreign = { sealed: new SecretBox([randomBytes(32)]).seal(randomBytes(32)) };
    const lost = await stored({ secrets: [foreign] });
    const half = await stored({ secrets: [foreign, sealedBefore(randomBytes(32), clock.time + HOUR)] });
    const expired = await stored({ secrets: [{ sealed: now.seal(randomBytes(32)) }, sealedBefore(undefined, 1)] });
    const warn = jest.spyOn(logger, 'warn');
    const { worker, counts } = resealing();
    await worker.pass();
    expect(await counts()).toEqual({ first: 2, older: 0, none: 2 });
    expect(warn).toHaveBeenLastCalledWith({ count: 2 }, expect.stringContaining('no key of SECRETS_KEY'));
    expect([await secretsOf(lost), await secretsOf(half)]).toEqual([
      [foreign],
      [foreign, { sealed: expect.any(String), expiresAt: clock.time + HOUR }],
    ]);
    expect(await secretsOf(expired)).toEqual(expired.secrets);
  });

  it('tells in numbers alone when the older key is needed no more', async () => {
    const info = jest.spyOn(logger, 'info');
    await stored({ secrets: [sealedBefore()] });
    await resealing().worker.pass();
    expect(info.mock.lastCall).toEqual([
      { webhooks_resealed: 1, sealed_with_older: 0 },
      'no older key of SECRETS_KEY is needed',
    ]);
    info.mockClear();
    await resealing(afterwards).worker.pass();
    expect(info).not.toHaveBeenCalled();
  });
});
