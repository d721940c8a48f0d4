import type { Collection, Filter } from 'mongodb';

import type { Store } from './store.ts';

/** What an access key may do: look, or change. Neither includes the other. */
export const ACCESS_SCOPES = ['read', 'write'] as const;

export type AccessScope = (typeof ACCESS_SCOPES)[number];

/** A customer's key to the admin REST. Only a hash of its secret part is kept. */
export interface AccessKey {
  readonly id: string;
  readonly customerId: string;
  readonly name: string;
  /** Hex of the SHA-256 of the secret part. */
  readonly secretHash: string;
  readonly scopes: readonly AccessScope[];
  /** Milliseconds since the epoch, like all times here. */
  readonly createdAt: number;
  /** From when on it opens nothing; absent = never. */
  readonly expiresAt?: number | undefined;
  /** The last use that was noted; absent = none. */
  readonly lastUsedAt?: number | undefined;
}

interface AccessKeyDocument {
  readonly _id: string;
  readonly customer_id: string;
  readonly name: string;
  readonly secret_hash: string;
  /** Absent in keys from before there were scopes, which may do everything. */
  readonly scopes?: readonly AccessScope[];
  readonly created_at: Date;
  readonly expires_at?: Date;
  readonly last_used_at?: Date;
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
        scopes: key.scopes,
        created_at: new Date(key.createdAt),
        ...(key.expiresAt === undefined ? {} : { expires_at: new Date(key.expiresAt) }),
      }),
    );
  }

  async find(id: string): Promise<AccessKey | undefined> {
    const document = await this.store.run(() => this.collection.findOne({ _id: id }));
    return document ? fromDocument(document) : undefined;
  }

  /** A page of a customer's keys in the order of their ids. @param after the last id of the page before. */
  async list(query: { customerId: string; after: string | undefined; limit: number }): Promise<AccessKey[]> {
    const filter: Filter<AccessKeyDocument> = {
      customer_id: query.customerId,
      ...(query.after === undefined ? {} : { _id: { $gt: query.after } }),
    };
    const documents = await this.store.run(() =>
      this.collection.find(filter).sort({ customer_id: 1, _id: 1 }).limit(query.limit).toArray(),
    );
    return documents.map(fromDocument);
  }

  /** Removes a customer's key; false when the customer has none with this id. */
  async remove(id: string, customerId: string): Promise<boolean> {
    const removed = await this.store.run(() => this.collection.deleteOne({ _id: id, customer_id: customerId }));
    return removed.deletedCount === 1;
  }

  /** Notes that a key was used at `at`, unless a use after `since` is noted. */
  async noteUse(id: string, at: number, since: number): Promise<void> {
    const notNoted: Filter<AccessKeyDocument> = { _id: id, last_used_at: { $not: { $gt: new Date(since) } } };
    await this.store.run(() => this.collection.updateOne(notNoted, { $set: { last_used_at: new Date(at) } }));
  }
}

function fromDocument(document: AccessKeyDocument): AccessKey {
  return {
    id: document._id,
    customerId: document.customer_id,
    name: document.name,
    secretHash: document.secret_hash,
    scopes: document.scopes ?? ACCESS_SCOPES,
    createdAt: document.created_at.getTime(),
    expiresAt: document.expires_at?.getTime(),
    lastUsedAt: document.last_used_at?.getTime(),
  };
}
