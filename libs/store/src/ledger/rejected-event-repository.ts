import type { LogPosition, RejectionReason } from '#libs/domain';
import type { Collection } from 'mongodb';

import type { Store } from '../store.ts';
import { fromKeptDocument, type KeptRecord, type KeptRecordDocument, toKeptDocument } from './kept-record.ts';
import { type EntryPage, readWithin } from './paged-read.ts';
import { insertMissing } from '../repeatable-writes.ts';
import { keyRange, sortKey } from './sort-key.ts';

/** A record that can never be delivered as it is. */
export interface RejectedEvent {
  readonly reason: RejectionReason | undefined;
  /** For people. */
  readonly message: string;
  /** When it was put aside, milliseconds since the epoch. */
  readonly at: number;
  /** Where the record lay that was rejected; undefined when the headers do not say. */
  readonly origin: LogPosition | undefined;
  readonly kept: KeptRecord;
  /** When it was last put back into the event topic, milliseconds since the epoch. */
  readonly redrivenAt?: number | undefined;
}

interface RejectedEventDocument {
  readonly _id: string;
  readonly reason?: RejectionReason | undefined;
  readonly message: string;
  readonly at: Date;
  readonly origin?: LogPosition | undefined;
  readonly kept: KeptRecordDocument;
  readonly sort_key: string;
  readonly redriven_at?: Date | undefined;
}

/** Records that were rejected, each once. Every method throws UnavailableError while MongoDB does not answer. */
export class RejectedEventRepository {
  private readonly store: Store;
  private readonly collection: Collection<RejectedEventDocument>;

  constructor(store: Store) {
    this.store = store;
    this.collection = store.collection<RejectedEventDocument>('rejected_events');
  }

  /** Creates the index that the list needs; an existing one is left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() => this.collection.createIndexes([{ key: { sort_key: 1 }, name: 'newest' }]));
  }

  /** Writes rejected records in one bulk. Writing one again changes nothing. */
  async insertMissing(events: readonly RejectedEvent[]): Promise<void> {
    await insertMissing(this.store, this.collection, events.map(toDocument));
  }

  /** A page, the newest first; shorter when they are large. */
  async list(query: {
    /** The {@link rejectedEventCursor} of the last one of the page before. */
    readonly before?: string | undefined;
    readonly limit: number;
    readonly maxBytes: number;
  }): Promise<EntryPage<RejectedEvent>> {
    const range = keyRange(query);
    const filter = range === undefined ? {} : { sort_key: range };
    const { entries, more } = await this.store.run(() =>
      readWithin(this.collection.find(filter).sort({ sort_key: -1 }), query),
    );
    return { entries: entries.map(fromDocument), more };
  }

  /** @param id as {@link rejectedEventId} gives it */
  async find(id: string): Promise<RejectedEvent | undefined> {
    const document = await this.store.run(() => this.collection.findOne({ _id: id }));
    return document ? fromDocument(document) : undefined;
  }

  async markRedriven(id: string, at: number): Promise<void> {
    await this.store.run(() => this.collection.updateOne({ _id: id }, { $set: { redriven_at: new Date(at) } }));
  }
}

/** `<partition>-<offset>` in the topic of rejected events. */
export function rejectedEventId({ kept }: RejectedEvent): string {
  return `${kept.position.partition}-${kept.position.offset}`;
}

/** Where a rejected record stands in the list, for the page after it. */
export function rejectedEventCursor(event: RejectedEvent): string {
  return sortKey(event.at, rejectedEventId(event));
}

function toDocument(event: RejectedEvent): RejectedEventDocument {
  const { origin } = event;
  return {
    _id: rejectedEventId(event),
    reason: event.reason,
    message: event.message,
    at: new Date(event.at),
    origin: origin && { topic: origin.topic, partition: origin.partition, offset: origin.offset },
    kept: toKeptDocument(event.kept),
    sort_key: rejectedEventCursor(event),
  };
}

function fromDocument(document: RejectedEventDocument): RejectedEvent {
  return {
    reason: document.reason,
    message: document.message,
    at: document.at.getTime(),
    origin: document.origin,
    kept: fromKeptDocument(document.kept),
    redrivenAt: document.redriven_at?.getTime(),
  };
}
