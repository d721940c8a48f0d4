import { randomUUID } from 'node:crypto';

import { type Db, MongoClient } from 'mongodb';

import { Store } from '../src/store.ts';

/** A database of its own on the server that `MONGODB_URI` names: through the store, and for a look behind it. */
export class TestDatabase {
  readonly store: Store;
  readonly db: Db;
  private readonly client: MongoClient;

  /** @param purpose begins the database's name. */
  constructor(purpose: string) {
    const name = `${purpose}-${randomUUID()}`;
    const address = new URL(process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017');
    address.pathname = `/${name}`;
    this.store = new Store({ uri: address.href });
    this.client = new MongoClient(address.href);
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
