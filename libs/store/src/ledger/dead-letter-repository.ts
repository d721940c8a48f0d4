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
}

/** The same however often the delivery is given up; its position where the event has no id. */
export function deadLetterId({ webhookId, event, kept }: DeadLetter): string {
  const { topic, partition, offset } = kept.position;
  return event ? `${webhookId}/${event.id}` : `${topic}/${partition}/${offset}`;
}

/** Where a dead letter stands in the list, for the page after it. */
export function deadLetterCursor(letter: DeadLetter): string {
  return sortKey(letter.at, deadLetterId(letter));
}

function replacement(letter: DeadLetter): Replacement<DeadLetterDocument> {
  const unlessNewer: Filter<DeadLetterDocument> = { _id: deadLetterId(letter), at: { $lte: new Date(letter.at) } };
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
  };
}
