import type { DeadLetterReason, LogPosition } from '#libs/domain';
import type { Collection, Filter } from 'mongodb';

import type { Store } from '../store.ts';
import { fromKeptDocument, type KeptRecord, type KeptRecordDocument, toKeptDocument } from './kept-record.ts';
import { type EntryPage, readWithin } from './paged-read.ts';
import { replaceOlder, type Replacement } from '../repeatable-writes.ts';
import { keyRange, sortKey } from './sort-key.ts';

/** A delivery that was given up, with all that is needed to make it again. */
export interface DeadLetter {
  readonly webhookId: string;
  /** Undefined when the kept record cannot be read as an event. */
  readonly event: DeadEvent | undefined;
  readonly reason: DeadLetterReason | undefined;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly firstFailureAt: number | undefined;
  readonly lastStatus: number | undefined;
  readonly lastError: string | undefined;
  /** When it was given up, milliseconds since the epoch. */
  readonly at: number;
  /** Where the event lies in the log. */
  readonly origin: LogPosition;
  readonly kept: KeptRecord;
  /** When it was last handed over for delivery once more, milliseconds since the epoch. */
  readonly redeliveredAt?: number | undefined;
}

export interface DeadEvent {
  readonly id: string;
  readonly type: string;
  readonly resourceType: string;
  readonly customerId: string;
}

interface DeadLetterDocument {
  readonly _id: string;
  readonly webhook_id: string;
  readonly customer_id?: string | undefined;
  readonly event_id?: string | undefined;
  readonly event_type?: string | undefined;
  readonly resource_type?: string | undefined;
  readonly reason?: DeadLetterReason | undefined;
  readonly attempts: number;
  readonly first_failure_at?: Date | undefined;
  readonly last_status?: number | undefined;
  readonly last_error?: string | undefined;
  readonly at: Date;
  readonly origin: LogPosition;
  readonly kept: KeptRecordDocument;
  readonly sort_key: string;
  /** Goes when the delivery is given up again: the document is replaced. */
  readonly redelivered_at?: Date | undefined;
}

/** Which dead letters of a webhook are to be delivered once more. */
export interface RedeliveryQuery {
  readonly webhookId: string;
  /** The only one; undefined = all that were not redelivered. */
  readonly id?: string | undefined;
  /** The {@link deadLetterCursor} of the last one. */
  readonly upTo: string;
  /** The {@link deadLetterCursor} of the last one that was taken. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly maxBytes: number;
}

/** Dead letters, one for each webhook and event. Every method throws UnavailableError while MongoDB does not answer. */
export class DeadLetterRepository {
  private readonly store: Store;
  private readonly collection: Collection<DeadLetterDocument>;

  constructor(store: Store) {
    this.store = store;
    this.collection = store.collection<DeadLetterDocument>('dead_letters');
  }

  /** Creates the index that the list needs; an existing one is left alone. */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([{ key: { webhook_id: 1, sort_key: 1 }, name: 'webhook' }]),
    );
  }

  /** Writes dead letters in one bulk. One that was given up later takes the place of an earlier one of the same delivery. */
  async put(letters: readonly DeadLetter[]): Promise<void> {
    const newest = new Map<string, DeadLetter>();
    for (const letter of letters) {
      const other = newest.get(deadLetterId(letter));
      if (!other || other.at <= letter.at) newest.set(deadLetterId(letter), letter);
    }
    await replaceOlder(this.store, this.collection, [...newest.values()].map(replacement));
  }

  /** A page of a webhook's dead letters, the newest first; shorter when they are large. */
  async list(query: {
    readonly webhookId: string;
    /** The {@link deadLetterCursor} of the last one of the page before. */
    readonly before?: string | undefined;
    readonly limit: number;
    readonly maxBytes: number;
  }): Promise<EntryPage<DeadLetter>> {
    const range = keyRange(query);
    const filter = { webhook_id: query.webhookId, ...(range === undefined ? {} : { sort_key: range }) };
    const { entries, more } = await this.store.run(() =>
      readWithin(this.collection.find(filter).sort({ sort_key: -1 }), query),
    );
    return { entries: entries.map(fromDocument), more };
  }

  /** One of a webhook's dead letters. @param id as {@link publicDeadLetterId} gives it */
  async find(webhookId: string, id: string): Promise<DeadLetter | undefined> {
    const document = await this.store.run(() =>
      this.collection.findOne({ _id: { $in: possibleIds(webhookId, id) }, webhook_id: webhookId }),
    );
    return document ? fromDocument(document) : undefined;
  }

  /**
   * How many of a webhook's dead letters were not redelivered, and the cursor of the newest of all; empty when there are none.
   *
   * @param most where the counting ends
   */
  async notRedelivered(webhookId: string, most: number): Promise<{ readonly count: number; readonly upTo: string }> {
    const newest = await this.store.run(() =>
      this.collection.find({ webhook_id: webhookId }).sort({ sort_key: -1 }).limit(1).toArray(),
    );
    const upTo = newest[0]?.sort_key ?? '';
    const filter = { webhook_id: webhookId, sort_key: { $lte: upTo }, redelivered_at: { $exists: false } };
    return { count: await this.store.run(() => this.collection.countDocuments(filter, { limit: most })), upTo };
  }

  /** Those to be delivered once more, the oldest first; fewer when they are large. */
  async toRedeliver(query: RedeliveryQuery): Promise<readonly DeadLetter[]> {
    const { webhookId, id, upTo, after = '' } = query;
    const filter: Filter<DeadLetterDocument> = {
      webhook_id: webhookId,
      sort_key: { $gt: after, $lte: upTo },
      ...(id === undefined ? { redelivered_at: { $exists: false } } : { _id: { $in: possibleIds(webhookId, id) } }),
    };
    const { entries } = await this.store.run(() =>
      readWithin(this.collection.find(filter).sort({ sort_key: 1 }), query),
    );
    return entries.map(fromDocument);
  }

  /** Notes that dead letters were handed over; one that was given up anew meanwhile is left alone. */
  async markRedelivered(letters: readonly DeadLetter[], at: number): Promise<void> {
    if (letters.length === 0) return;
    const operations = letters.map((letter) => ({
      updateOne: {
        filter: { _id: deadLetterId(letter), at: new Date(letter.at) },
        update: { $set: { redelivered_at: new Date(at) } },
      },
    }));
    await this.store.run(() => this.collection.bulkWrite(operations, { ordered: false }));
  }
}

/** What names a dead letter among those of its webhook: the event's id, or its position where the event has none. */
export function publicDeadLetterId({ event, kept }: DeadLetter): string {
  return event ? event.id : positionId(kept.position);
}

function positionId({ topic, partition, offset }: LogPosition): string {
  return `${topic}/${partition}/${offset}`;
}

function possibleIds(webhookId: string, id: string): string[] {
  return [`${webhookId}/${id}`, id];
}

/** The same however often the delivery is given up; its position where the event has no id. */
export function deadLetterId({ webhookId, event, kept }: DeadLetter): string {
  return event ? `${webhookId}/${event.id}` : positionId(kept.position);
}

/** Where a dead letter stands in the list, for the page after it. */
export function deadLetterCursor(letter: DeadLetter): string {
  return sortKey(letter.at, deadLetterId(letter));
}

function replacement(letter: DeadLetter): Replacement<DeadLetterDocument> {
  // One that is as old is the same: written again it would lose what was noted on it since.
  const unlessNewer: Filter<DeadLetterDocument> = { _id: deadLetterId(letter), at: { $lt: new Date(letter.at) } };
  return { unlessNewer, document: toDocument(letter) };
}

function toDocument(letter: DeadLetter): Omit<DeadLetterDocument, '_id'> {
  const { event, firstFailureAt, origin } = letter;
  return {
    webhook_id: letter.webhookId,
    customer_id: event?.customerId,
    event_id: event?.id,
    event_type: event?.type,
    resource_type: event?.resourceType,
    reason: letter.reason,
    attempts: letter.attempts,
    first_failure_at: firstFailureAt === undefined ? undefined : new Date(firstFailureAt),
    last_status: letter.lastStatus,
    last_error: letter.lastError,
    at: new Date(letter.at),
    origin: { topic: origin.topic, partition: origin.partition, offset: origin.offset },
    kept: toKeptDocument(letter.kept),
    sort_key: deadLetterCursor(letter),
  };
}

function fromDocument(document: DeadLetterDocument): DeadLetter {
  const { event_id: id, event_type: type, resource_type: resourceType, customer_id: customerId } = document;
  const whole = id !== undefined && type !== undefined && resourceType !== undefined && customerId !== undefined;
  return {
    webhookId: document.webhook_id,
    event: whole ? { id, type, resourceType, customerId } : undefined,
    reason: document.reason,
    attempts: document.attempts,
    firstFailureAt: document.first_failure_at?.getTime(),
    lastStatus: document.last_status,
    lastError: document.last_error,
    at: document.at.getTime(),
    origin: document.origin,
    kept: fromKeptDocument(document.kept),
    redeliveredAt: document.redelivered_at?.getTime(),
  };
}
