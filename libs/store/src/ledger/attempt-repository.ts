import { type AttemptRecord, HOUR_MS, type LatencyHistogram, type WebhookHour } from '#libs/domain';
import type { Collection, Document, Filter } from 'mongodb';

import type { Store } from '../store.ts';
import { type AttemptDocument, fromDocument, toDocument } from './attempt-document.ts';
import { type AttemptNarrowing, facetText } from './attempt-facets.ts';
import { insertMissing } from '../repeatable-writes.ts';
import { keyRange } from './sort-key.ts';

/** Which attempts of a webhook a list asks for. */
export interface AttemptQuery extends AttemptNarrowing {
  readonly webhookId: string;
  readonly eventId?: string | undefined;
  /** Milliseconds since the epoch, included. */
  readonly since?: number | undefined;
  /** Milliseconds since the epoch, excluded. */
  readonly until?: number | undefined;
  /** The sort key of the last attempt of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** What has become of an event at one webhook. */
export interface EventDelivery {
  /** The newest entry of the trail. */
  readonly newest: AttemptRecord;
  /** Requests that were made. */
  readonly attempts: number;
  /** When the first attempt that succeeded began, milliseconds since the epoch. */
  readonly deliveredAt: number | undefined;
}

/** What has become of the events that a replay sent, each counted once. */
export interface ReplayOutcome {
  readonly delivered: number;
  /** Given up again, and not delivered. */
  readonly deadLetters: number;
}

interface DeliveryGroup {
  readonly newest: AttemptDocument;
  readonly attempts: number;
  readonly delivered_at: Date | null;
}

interface HourGroup {
  readonly _id: { readonly outcome: AttemptRecord['outcome']; readonly bucket?: number | null };
  readonly count: number;
}

/** Of an endpoint that is asked thousands of times a second: all of an hour would be read for longer than MongoDB is waited for. */
const COUNTED_AT_ONCE = 50_000;
/** Into so many parts a span is divided that has more: few reads are for nothing. */
const PARTS = 8;

/** The attempts, each once. Every method throws UnavailableError while MongoDB does not answer. */
export class AttemptRepository {
  private readonly store: Store;
  private readonly keepMs: number;
  private readonly countedAtOnce: number;
  private readonly collection: Collection<AttemptDocument>;

  /**
   * @param options.keepMs how long an attempt is kept from its time on; -1 = without limit.
   * @param options.countedAtOnce attempts that one question to MongoDB reads to count them
   */
  constructor(store: Store, options: { keepMs: number; countedAtOnce?: number }) {
    this.store = store;
    this.keepMs = options.keepMs;
    this.countedAtOnce = options.countedAtOnce ?? COUNTED_AT_ONCE;
    this.collection = store.collection<AttemptDocument>('attempts');
  }

  /**
   * Creates the indexes that the queries below need; existing ones are left alone. They ascend and are read backwards: the embedded
   * server's descending ones misplace a text that begins another, as the end of a time span begins its sort keys.
   */
  async ensureIndexes(): Promise<void> {
    await this.store.run(() =>
      this.collection.createIndexes([
        { key: { webhook_id: 1, facets: 1, sort_key: 1 }, name: 'facets' },
        { key: { event_id: 1, webhook_id: 1, sort_key: 1 }, name: 'event' },
        { key: { expires_at: 1 }, name: 'expiry', expireAfterSeconds: 0 },
        // Sparse, not partial: the embedded server makes no use of partial ones.
        { key: { replay_id: 1 }, name: 'replay', sparse: true },
      ]),
    );
  }

  /** Writes attempts in one bulk. Writing one again changes nothing: an attempt never changes. */
  async insertMissing(records: readonly AttemptRecord[]): Promise<void> {
    await insertMissing(
      this.store,
      this.collection,
      records.map((record) => toDocument(record, this.keepMs)),
    );
  }

  /** A page of a webhook's attempts, the newest first. */
  async list(query: AttemptQuery): Promise<AttemptRecord[]> {
    const documents = await this.store.run(() =>
      this.collection.aggregate<AttemptDocument>([...listPipeline(query)]).toArray(),
    );
    return documents.map(fromDocument);
  }

  /** What has become of an event, webhook by webhook. @param customerId whose deliveries are shown; undefined = everybody's. */
  async deliveriesOf(eventId: string, customerId?: string): Promise<EventDelivery[]> {
    const groups = await this.store.run(() =>
      this.collection
        .aggregate<DeliveryGroup>([
          { $match: { event_id: eventId } },
          { $match: customerId === undefined ? {} : { customer_id: customerId } },
          { $sort: { webhook_id: -1, sort_key: -1 } },
          {
            $group: {
              _id: '$webhook_id',
              newest: { $first: '$$ROOT' },
              attempts: { $sum: { $cond: [{ $in: ['$outcome', ['delivered', 'failed']] }, 1, 0] } },
              delivered_at: { $min: { $cond: [{ $eq: ['$outcome', 'delivered'] }, '$at', null] } },
            },
          },
          { $sort: { _id: 1 } },
        ])
        .toArray(),
    );
    return groups.map(({ newest, attempts, delivered_at }) => ({
      newest: fromDocument(newest),
      attempts,
      deliveredAt: delivered_at?.getTime(),
    }));
  }

  /** Which of these events a webhook has taken, in any attempt. */
  async deliveredAmong(webhookId: string, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (eventIds.length === 0) return new Set();
    const found = await this.store.run(() =>
      this.collection.aggregate<{ event_id: string }>([...deliveredPipeline(webhookId, eventIds)]).toArray(),
    );
    return new Set(found.map(({ event_id }) => event_id));
  }

  /**
   * What has become of a replay's events so far, as far as the attempts are known.
   *
   * @param most of more attempts, so many are looked at
   */
  async outcomeOf(replayId: string, most: number): Promise<ReplayOutcome> {
    const is = (field: string, value: string): Document => ({ $max: { $cond: [{ $eq: [field, value] }, 1, 0] } });
    const [counted] = await this.store.run(() =>
      this.collection
        .aggregate<{ delivered: number; given_up: number }>([
          { $match: { replay_id: replayId } },
          { $limit: most },
          {
            $group: {
              _id: '$event_id',
              delivered: is('$outcome', 'delivered'),
              dead: is('$next.kind', 'dead_letter'),
            },
          },
          {
            $group: {
              _id: null,
              delivered: { $sum: '$delivered' },
              given_up: { $sum: { $cond: [{ $eq: ['$delivered', 1] }, 0, '$dead'] } },
            },
          },
        ])
        .toArray(),
    );
    return { delivered: counted?.delivered ?? 0, deadLetters: counted?.given_up ?? 0 };
  }

  /**
   * Counts a webhook's attempts of one hour. Millions take minutes.
   *
   * @param hour its beginning, milliseconds since the epoch.
   * @param goOn asked before each question to MongoDB.
   * @returns undefined where it was not to go on.
   */
  async countHour(
    webhookId: string,
    hour: number,
    goOn: () => Promise<boolean> = async () => true,
  ): Promise<WebhookHour | undefined> {
    const groups = await this.groupsOf(webhookId, { since: hour, until: hour + HOUR_MS }, goOn);
    if (!groups) return undefined;
    const count = (outcome: AttemptRecord['outcome']): number =>
      groups.reduce((total, group) => (group._id.outcome === outcome ? total + group.count : total), 0);
    return {
      webhookId,
      hour,
      delivered: count('delivered'),
      failed: count('failed'),
      held: count('held'),
      skipped: count('skipped'),
      latency: latencyOf(groups),
    };
  }

  /** The time of a webhook's newest attempt that came out so, at or after `from`; undefined when there is none. */
  async newestAt(webhookId: string, outcome: 'delivered' | 'failed', from: number): Promise<number | undefined> {
    return this.timeOf({ webhookId, outcome, since: from }, -1);
  }

  /** The time of a webhook's oldest attempt that came out so, at or after `from`; undefined when there is none. */
  async oldestAt(webhookId: string, outcome: 'delivered' | 'failed', from: number): Promise<number | undefined> {
    return this.timeOf({ webhookId, outcome, since: from }, 1);
  }

  /** The time of a webhook's newest failed attempt that was not answered with `status`, at or after `from`; undefined when there is none. */
  async newestFailureBut(status: number, webhookId: string, from: number): Promise<number | undefined> {
    return this.timeOf({ webhookId, outcome: 'failed', since: from }, -1, { status: { $ne: status } });
  }

  /** The time of a webhook's oldest failed attempt that was answered with `status`, at or after `from`; undefined when there is none. */
  async oldestFailureWith(status: number, webhookId: string, from: number): Promise<number | undefined> {
    return this.timeOf({ webhookId, outcome: 'failed', since: from }, 1, { status });
  }

  /** How many of a webhook's attempts failed at or after `from`. @param limit where the counting ends. */
  async failuresSince(webhookId: string, from: number, limit: number): Promise<number> {
    const filter = narrowed({ webhookId, outcome: 'failed', since: from });
    return this.store.run(() => this.collection.countDocuments(filter, { limit }));
  }

  /** A span with more attempts than are counted at once is counted in parts. */
  private async groupsOf(
    webhookId: string,
    { since, until }: { readonly since: number; readonly until: number },
    goOn: () => Promise<boolean>,
  ): Promise<readonly HourGroup[] | undefined> {
    if (!(await goOn())) return undefined;
    const isWhole = until - since === 1;
    const groups = await this.store.run(() =>
      this.collection
        .aggregate<HourGroup>([
          { $match: narrowed({ webhookId, since, until }) },
          ...(isWhole ? [] : [{ $limit: this.countedAtOnce + 1 }]),
          { $group: { _id: { outcome: '$outcome', bucket: '$latency_bucket' }, count: { $sum: 1 } } },
        ])
        .toArray(),
    );
    if (isWhole || groups.reduce((sum, { count }) => sum + count, 0) <= this.countedAtOnce) return groups;
    const all: HourGroup[] = [];
    const step = Math.ceil((until - since) / PARTS);
    for (let from = since; from < until; from += step) {
      const part = await this.groupsOf(webhookId, { since: from, until: Math.min(until, from + step) }, goOn);
      if (!part) return undefined;
      all.push(...part);
    }
    return all;
  }

  private async timeOf(
    query: Omit<AttemptQuery, 'limit'>,
    direction: 1 | -1,
    besides: Filter<AttemptDocument> = {},
  ): Promise<number | undefined> {
    const [found] = await this.store.run(() =>
      this.collection
        .find({ ...narrowed(query), ...besides })
        .project<{ at: Date }>({ at: 1 })
        .sort({ sort_key: direction })
        .limit(1)
        .toArray(),
    );
    return found?.at.getTime();
  }
}

/** The stages that find a page. The first has only fields of one index, its sort key last. Exported for the tests of the plans. */
export function listPipeline(query: AttemptQuery): readonly Document[] {
  const { webhookId, eventId, limit } = query;
  const page = [{ $sort: { sort_key: -1 } }, { $limit: limit }];
  if (eventId === undefined) return [{ $match: narrowed(query) }, ...page];
  // An event has few attempts at one webhook, so a facet besides is looked for among them.
  const facet = facetText(query);
  const some = facet === '' ? [] : [{ $match: { facets: facet } }];
  return [{ $match: { event_id: eventId, webhook_id: webhookId, ...timeSpan(query) } }, ...some, ...page];
}

/** The stages that find what a webhook has taken. The embedded server uses an index only for a stage that has nothing besides. */
export function deliveredPipeline(webhookId: string, eventIds: readonly string[]): readonly Document[] {
  return [
    { $match: { event_id: { $in: [...eventIds] } } },
    { $match: { webhook_id: webhookId, outcome: 'delivered' } },
    { $project: { _id: 0, event_id: 1 } },
  ];
}

function narrowed(query: Omit<AttemptQuery, 'limit'>): Filter<AttemptDocument> {
  return { webhook_id: query.webhookId, facets: facetText(query), ...timeSpan(query) };
}

function timeSpan(query: Omit<AttemptQuery, 'limit'>): Filter<AttemptDocument> {
  const range = keyRange(query);
  return range === undefined ? {} : { sort_key: range };
}

function latencyOf(groups: readonly HourGroup[]): LatencyHistogram {
  const latency = new Map<number, number>();
  for (const { _id, count } of groups) {
    if (typeof _id.bucket === 'number') latency.set(_id.bucket, (latency.get(_id.bucket) ?? 0) + count);
  }
  return latency;
}
