import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '#libs/domain';

import { linkedAddress, SeverableLink } from '../testing/severable-link.ts';
import { CustomerRepository } from './customer-repository.ts';
import { Store } from './store.ts';

const uri = process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017';
const link = new SeverableLink(new URL(uri).host);
let store: Store;
let customers: CustomerRepository;

beforeAll(async () => {
  await link.mend();
  await link.cut();
  store = new Store({ uri: linkedAddress(uri, link, `outage-${randomUUID()}`) });
  customers = new CustomerRepository(store);
});

afterAll(async () => {
  await store.close();
  await link.cut();
});

async function failureOf(operation: () => Promise<unknown>): Promise<{ error: unknown; milliseconds: number }> {
  const started = performance.now();
  const error = await operation().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, milliseconds: performance.now() - started };
}

const anyCustomer = (): { id: string; name: string; createdAt: number } => ({
  id: randomUUID(),
  name: 'x',
  createdAt: 0,
});

describe('a store whose MongoDB comes and goes', () => {
  it('refuses within seconds while MongoDB has never been there', async () => {
    const { error, milliseconds } = await failureOf(() => customers.exists(randomUUID()));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ dependency: 'mongodb', cause: expect.any(Error) });
    expect(milliseconds).toBeLessThan(8_000);
    await expect(store.ping()).rejects.toBeInstanceOf(UnavailableError);
  });

  it('works once MongoDB is there', async () => {
    await link.mend();
    await store.ping();
    expect(await customers.insert(anyCustomer())).toBe(true);
  });

  it('refuses when the connection is lost, and works again when it is back', async () => {
    const customer = anyCustomer();
    await link.cut();
    expect((await failureOf(() => customers.insert(customer))).error).toBeInstanceOf(UnavailableError);
    await link.mend();
    expect(await customers.insert(customer)).toBe(true);
  });

  it('refuses many writes at once as it does one', async () => {
    await link.cut();
    const write = () => store.collection('many').bulkWrite([{ insertOne: { document: {} } }], { ordered: false });
    expect((await failureOf(() => store.run(write))).error).toBeInstanceOf(UnavailableError);
    await link.mend();
    expect(await store.run(write)).toMatchObject({ insertedCount: 1 });
  });

  it('stops waiting for a MongoDB that is silent, and works again when it speaks', async () => {
    link.freeze();
    const { error, milliseconds } = await failureOf(() => customers.exists(randomUUID()));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(milliseconds).toBeLessThan(16_000);
    await expect(store.ping(AbortSignal.timeout(200))).rejects.toBeInstanceOf(UnavailableError);
    await link.mend();
    expect(await customers.exists(randomUUID())).toBe(false);
  });

  it('waits as long as its address says', async () => {
    const address = new URL(linkedAddress(uri, link, 'outage-limits'));
    address.searchParams.set('sockettimeoutms', '300');
    const hasty = new Store({ uri: address.href });
    await hasty.ping();
    link.freeze();
    const { error, milliseconds } = await failureOf(() => new CustomerRepository(hasty).exists(randomUUID()));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(milliseconds).toBeLessThan(8_000);
    await link.mend();
    await hasty.close();
  });

  it('refuses everything once closed', async () => {
    await store.close();
    await expect(store.ping()).rejects.toBeInstanceOf(UnavailableError);
  });
});
