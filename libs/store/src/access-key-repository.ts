import type { Collection } from 'mongodb';

import type { Store } from './store.ts';

/** A customer's key to the admin REST. Only a hash of its secret part is kept. */
export interface AccessKey {
  readonly id: string;
  readonly customerId: string;
  readonly name: string;
  /** Hex of the SHA-256 of the secret part. */
  readonly secretHash: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

interface AccessKeyDocument {
  readonly _id: string;
  readonly customer_id: string;
  readonly name: string;
  readonly secret_hash: string;
  readonly created_at: Date;
}

/** Access keys. Every method throws UnavailableError while MongoDB does not answer. */
export class AccessKeyRepository {
  private readonly store: Store;
  private readonly collection: Collection<AccessKeyDocument>;

  constructor(store: Store) {
    this.store = store;
    this.collection = store.collection<AccessKeyDocument>('access_keys');
  }

  /** Creates the index by customer; an existing one is left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() => this.collection.createIndexes([{ key: { customer_id: 1, _id: 1 }, name: 'customer' }]));
  }

  async insert(key: AccessKey): Promise<void> {
    await this.store.run(() =>
      this.collection.insertOne({
        _id: key.id,
        customer_id: key.customerId,
        name: key.name,
        secret_hash: key.secretHash,
        created_at: new Date(key.createdAt),
      }),
    );
  }

  async find(id: string): Promise<AccessKey | undefined> {
    const document = await this.store.run(() => this.collection.findOne({ _id: id }));
    if (!document) return undefined;
    return {
      id: document._id,
      customerId: document.customer_id,
      name: document.name,
      secretHash: document.secret_hash,
      createdAt: document.created_at.getTime(),
    };
  }
}
