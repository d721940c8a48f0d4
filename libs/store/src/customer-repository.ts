import type { Collection } from 'mongodb';

import { isDuplicate, type Store } from './store.ts';

/** A customer of the platform. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

interface CustomerDocument {
  readonly _id: string;
  readonly name: string;
  readonly created_at: Date;
}

/** Customers. Every method throws UnavailableError while MongoDB does not answer. */
export class CustomerRepository {
  private readonly store: Store;
  private readonly collection: Collection<CustomerDocument>;

  constructor(store: Store) {
    this.store = store;
    this.collection = store.collection<CustomerDocument>('customers');
  }

  /** False when the id is taken. */
  async insert({ id, name, createdAt }: Customer): Promise<boolean> {
    try {
      await this.store.run(() => this.collection.insertOne({ _id: id, name, created_at: new Date(createdAt) }));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async exists(id: string): Promise<boolean> {
    return (await this.store.run(() => this.collection.findOne({ _id: id }, { projection: { _id: 1 } }))) !== null;
  }
}
