import { randomUUID } from 'node:crypto';

import { type Db, MongoClient } from 'mongodb';

import { Store } from '../src/store.ts';

/** The database of the embedded stack does one thing at a time, for all tests that run: an answer may take a while. */
const PATIENCE_MS = 30_000;

/** The address of a database of a server that the tests wait longer for than an app does. */
export function patientAddress(mongodbUri: string, database: string): string {
  const address = new URL(mongodbUri);
  address.pathname = `/${database}`;
  address.searchParams.set('socketTimeoutMS', String(PATIENCE_MS));
  address.searchParams.set('waitQueueTimeoutMS', String(PATIENCE_MS));
  return address.href;
}

/** A database of its own on the server that `MONGODB_URI` names: through the store, and for a look behind it. */
export class TestDatabase {
  readonly store: Store;
  readonly db: Db;
  private readonly client: MongoClient;

  /** @param purpose begins the database's name. */
  constructor(purpose: string) {
    const name = `${purpose}-${randomUUID()}`;
    const address = patientAddress(process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017', name);
    this.store = new Store({ uri: address });
    this.client = new MongoClient(address);
    this.db = this.client.db(name);
  }

  /**
   * Removes the database from a server that goes on without the tests. The embedded one answers nobody for seconds while it drops
   * one, however small.
   */
  async drop(): Promise<void> {
    if (process.env['TEST_DATA_IS_THROWN_AWAY'] !== 'true') await this.db.dropDatabase();
    await Promise.all([this.client.close(), this.store.close()]);
  }
}
