import { randomUUID } from 'node:crypto';

import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#libs/runtime';
import { type AccessKey, AccessKeyRepository, Store } from '#libs/store';

import { TestDatabase } from '../../../../libs/store/testing/database.ts';
import { KeyUse } from './key-use.ts';

const MINUTE_MS = 60_000;
const database = new TestDatabase('key-use');
const keys = new AccessKeyRepository(database.store);
const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
const logger = createLogger('test', 'silent');

afterAll(() => database.drop());

async function newKey(): Promise<AccessKey> {
  const key: AccessKey = {
    id: randomUUID(),
    customerId: randomUUID(),
    name: 'ci',
    secretHash: 'ab'.repeat(32),
    scopes: ['read'],
    createdAt: clock.time,
  };
  await keys.insert(key);
  return key;
}

describe('KeyUse', () => {
  it('writes once a minute for each key, whoever else does', async () => {
    const written = jest.spyOn(keys, 'noteUse');
    const [here, elsewhere] = [0, 1].map(() => new KeyUse({ keys, clock, logger }));
    const key = await newKey();
    const used = async (use: KeyUse | undefined): Promise<number | undefined> => {
      use?.note((await keys.find(key.id))!);
      await written.mock.results.at(-1)?.value;
      return (await keys.find(key.id))?.lastUsedAt;
    };
    const first = clock.time;
    expect(await used(here)).toBe(first);
    clock.time += MINUTE_MS - 1;
    expect(await used(here)).toBe(first);
    expect(await used(elsewhere)).toBe(first);
    expect(written).toHaveBeenCalledTimes(1);
    clock.time += 1;
    here?.note(key);
    here?.note(key);
    await Promise.all(written.mock.results.map(({ value }) => value));
    expect(await used(elsewhere)).toBe(first + MINUTE_MS);
    expect(written).toHaveBeenCalledTimes(2);
  });

  it('fails nobody while the store is away', async () => {
    const away = new Store({ uri: 'mongodb://127.0.0.1:1/nothing' });
    const cutOff = new AccessKeyRepository(away);
    const written = jest.spyOn(cutOff, 'noteUse');
    await away.close();
    new KeyUse({ keys: cutOff, clock, logger }).note(await newKey());
    await expect(written.mock.results[0]?.value).rejects.toMatchObject({ name: 'UnavailableError' });
  });
});
