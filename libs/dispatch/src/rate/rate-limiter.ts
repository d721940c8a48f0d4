import { type Clock, type RateSlot, slotDistanceMs, UnavailableError, type WantedSlots } from '#libs/domain';
import { LRUCache } from 'lru-cache';

import { SlotQueue } from './slot-queue.ts';

/** What all workers take their slots from. */
export interface SlotSource {
  /**
   * Reserves slots that follow one another at the distance of the rate.
   *
   * @returns the time of the first, milliseconds since the epoch
   * @throws UnavailableError
   */
  reserve(wanted: WantedSlots): Promise<number>;
}

/** A request to a webhook whose requests are limited. */
export interface LimitedRequest {
  readonly webhookId: string;
  /** Requests a second. */
  readonly rate: number;
  /** What it counts against the worker's bound on unsettled bytes. */
  readonly bytes: number;
  /** The slot that was reserved for it before. */
  readonly slot: RateSlot | undefined;
  /** Its slot has come. */
  go(): void;
  /** It cannot wait here. @param slot undefined where none could be reserved in time. */
  hold(slot: RateSlot | undefined): void;
}

/** No request waits here for longer; the shortest delay of a retry topic is mostly about as long. */
export const MAX_WAIT_MS = 5_000;
/** So many of a webhook's requests wait here, at most. */
export const MAX_WAITING = 500;
/** Of the worker's bound on unsettled bytes, the requests of one webhook may take so much while they wait for slots, and as much with them. */
const SHARE = 16;
/** A source that did not answer is not asked again for so long: each asking may take as long as its connection's limit. */
const SOURCE_AWAY_MS = 5_000;
/** So many webhooks' slots are remembered while nobody can be asked for them. */
const MAX_REMEMBERED = 100_000;

/** The requests to one webhook, while there are any. */
interface Line {
  /** Of the requests in the queue. */
  queuedBytes: number;
  /** Those that have no slot yet. */
  wanting: LimitedRequest[];
  wantedBytes: number;
  reserving: boolean;
  readonly queue: SlotQueue;
}

/**
 * Spreads the requests to a webhook so that all workers together keep to its limit: each request has a slot, and waits for it here if
 * it is near, or in a retry topic. Slots are reserved for all that came during the reservation before, so one is under way at a time.
 */
export class RateLimiter {
  private readonly source: SlotSource;
  private readonly clock: Clock;
  private readonly monotonic: () => number;
  private readonly maxBytes: number;
  private readonly lines = new Map<string, Line>();
  /** The next slot of a webhook by our own reckoning, for while the source does not answer. */
  private readonly reckoned = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  private sourceAwayUntil = 0;
  private closed = false;

  /**
   * @param given.monotonic milliseconds
   * @param given.unsettledBytes the worker's bound
   */
  constructor(given: { source: SlotSource; clock: Clock; monotonic: () => number; unsettledBytes: number }) {
    this.source = given.source;
    this.clock = given.clock;
    this.monotonic = given.monotonic;
    this.maxBytes = given.unsettledBytes / SHARE;
  }

  /** Lets a request go when its slot has come, or holds it. Perhaps before this returns. */
  enter(request: LimitedRequest): void {
    const line = this.lineOf(request);
    if (request.slot?.rate === request.rate) {
      this.place(line, request, request.slot);
      this.forgetIdle(request, line);
      return;
    }
    if (line.wantedBytes >= this.maxBytes) return request.hold(undefined);
    line.wantedBytes += request.bytes;
    line.wanting.push(request);
    if (!line.reserving) void this.reserve(line, request);
  }

  /** Nobody is let go any more. */
  close(): void {
    this.closed = true;
    for (const { queue } of this.lines.values()) queue.close();
    this.lines.clear();
  }

  private lineOf(request: LimitedRequest): Line {
    const key = keyOf(request);
    const known = this.lines.get(key);
    if (known) return known;
    const queue = new SlotQueue(() => this.clock.now());
    const line: Line = { queuedBytes: 0, wanting: [], wantedBytes: 0, reserving: false, queue };
    this.lines.set(key, line);
    return line;
  }

  private async reserve(line: Line, { webhookId, rate }: LimitedRequest): Promise<void> {
    line.reserving = true;
    while (line.wanting.length > 0 && !this.closed) {
      const requests = line.wanting;
      line.wanting = [];
      const first = await this.firstSlot({ webhookId, rate, count: requests.length, now: this.clock.now() });
      if (this.closed) return;
      for (const [index, request] of requests.entries()) {
        line.wantedBytes -= request.bytes;
        this.place(line, request, { at: Math.round(first + index * slotDistanceMs(rate)), rate });
      }
    }
    line.reserving = false;
    this.forgetIdle({ webhookId, rate }, line);
  }

  /** While the source does not answer, every worker keeps to the limit for itself: events go out, at most so many times too fast. */
  private async firstSlot(wanted: WantedSlots): Promise<number> {
    const key = keyOf(wanted);
    const first = (await this.reserved(wanted)) ?? Math.max(this.reckoned.get(key) ?? 0, this.clock.now());
    this.reckoned.set(key, first + wanted.count * slotDistanceMs(wanted.rate));
    return first;
  }

  /** Undefined while the source does not answer. */
  private async reserved(wanted: WantedSlots): Promise<number | undefined> {
    if (this.monotonic() < this.sourceAwayUntil) return undefined;
    try {
      return await this.source.reserve(wanted);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      this.sourceAwayUntil = this.monotonic() + SOURCE_AWAY_MS;
      return undefined;
    }
  }

  private place(line: Line, request: LimitedRequest, slot: RateSlot): void {
    const now = this.clock.now();
    const isFull = line.queue.size >= MAX_WAITING || line.queuedBytes >= this.maxBytes;
    if (slot.at > now && (slot.at - now > MAX_WAIT_MS || isFull)) return request.hold(slot);
    line.queuedBytes += request.bytes;
    line.queue.add(slot, () => this.letGo(line, request));
  }

  private letGo(line: Line, request: LimitedRequest): void {
    line.queuedBytes -= request.bytes;
    request.go();
    this.forgetIdle(request, line);
  }

  private forgetIdle(of: Pick<LimitedRequest, 'webhookId' | 'rate'>, line: Line): void {
    if (line.queue.size === 0 && line.wanting.length === 0 && !line.reserving) this.lines.delete(keyOf(of));
  }
}

/** Another limit has slots of its own, so that a change counts at once. */
function keyOf({ webhookId, rate }: Pick<LimitedRequest, 'webhookId' | 'rate'>): string {
  return `${webhookId} ${rate}`;
}
