import type { Collection, Filter } from 'mongodb';

import type { Store } from './store.ts';

/** Who made a change. */
export type AuditCaller = { readonly kind: 'operator' } | { readonly kind: 'access_key'; readonly accessKeyId: string };

/** Whether a change was made. `unknown`: the process ended, or something it needs did not answer, before that was told. */
export const AUDIT_OUTCOMES = ['done', 'unknown'] as const;

export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** A change that somebody has made through the admin REST. */
export interface AuditEntry {
  /** A UUID of version 7: entries in the order of their ids are in the order of time. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Such as `webhook.update`. Stable. */
  readonly action: string;
  readonly caller: AuditCaller;
  /** Whose things were changed, as far as that is known. */
  readonly customerId: string | undefined;
  /** What was changed: ids by their names in the path; `id` of what was created. */
  readonly target: Readonly<Record<string, string>>;
  /** The fields that the request named. Their values are not kept. */
  readonly fields: readonly string[];
  readonly requestId: string;
  /** The address that the request came from. */
  readonly client: string;
  readonly outcome: AuditOutcome;
}

interface AuditDocument {
  readonly _id: string;
  readonly at: Date;
  readonly action: string;
  /** Absent for the operator. */
  readonly access_key_id?: string;
  readonly customer_id?: string;
  readonly target: Readonly<Record<string, string>>;
  readonly fields: readonly string[];
  readonly request_id: string;
  readonly client: string;
  readonly outcome: AuditOutcome;
  readonly expires_at?: Date;
}

/** The audit log. Every method throws UnavailableError while MongoDB does not answer. */
export class AuditRepository {
  private readonly store: Store;
  private readonly keepMs: number;
  private readonly collection: Collection<AuditDocument>;

  /** @param options.keepMs how long an entry is kept; -1 = without limit. */
  constructor(store: Store, options: { keepMs: number }) {
    this.store = store;
    this.keepMs = options.keepMs;
    this.collection = store.collection<AuditDocument>('audit');
  }

  /** Creates the indexes of the lists and of expiry; existing ones are left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([
        { key: { customer_id: 1, _id: -1 }, name: 'customer' },
        { key: { expires_at: 1 }, name: 'expiry', expireAfterSeconds: 0 },
      ]),
    );
  }

  /** Notes that a change is about to be made. */
  async begin(entry: AuditEntry): Promise<void> {
    const { id, at, action, caller, customerId, target, fields, requestId, client, outcome } = entry;
    const document: AuditDocument = {
      _id: id,
      at: new Date(at),
      action,
      ...(caller.kind === 'operator' ? {} : { access_key_id: caller.accessKeyId }),
      ...(customerId === undefined ? {} : { customer_id: customerId }),
      target,
      fields,
      request_id: requestId,
      client,
      outcome,
      ...(this.keepMs < 0 ? {} : { expires_at: new Date(at + this.keepMs) }),
    };
    await this.store.run(() => this.collection.insertOne(document));
  }

  /** The change was made. */
  async done(id: string, known: Pick<AuditEntry, 'customerId' | 'target'>): Promise<void> {
    const { customerId, target } = known;
    const $set = { outcome: 'done' as const, target, ...(customerId === undefined ? {} : { customer_id: customerId }) };
    await this.store.run(() => this.collection.updateOne({ _id: id }, { $set }));
  }

  /** The request was refused: nothing was changed. */
  async refused(id: string): Promise<void> {
    await this.store.run(() => this.collection.deleteOne({ _id: id }));
  }

  /** A page, the newest first. @param query.before the last id of the page before */
  async list(query: {
    customerId: string | undefined;
    before: string | undefined;
    limit: number;
  }): Promise<AuditEntry[]> {
    const { customerId, before, limit } = query;
    const filter: Filter<AuditDocument> = {
      ...(customerId === undefined ? {} : { customer_id: customerId }),
      ...(before === undefined ? {} : { _id: { $lt: before } }),
    };
    const documents = await this.store.run(() => this.collection.find(filter).sort({ _id: -1 }).limit(limit).toArray());
    return documents.map(fromDocument);
  }
}

function fromDocument(document: AuditDocument): AuditEntry {
  const { access_key_id: accessKeyId } = document;
  return {
    id: document._id,
    at: document.at.getTime(),
    action: document.action,
    caller: accessKeyId === undefined ? { kind: 'operator' } : { kind: 'access_key', accessKeyId },
    customerId: document.customer_id,
    target: document.target,
    fields: document.fields,
    requestId: document.request_id,
    client: document.client,
    outcome: document.outcome,
  };
}
