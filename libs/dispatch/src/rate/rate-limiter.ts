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
  /** The slot that was reserved for it before. */
  readonly slot: RateSlot | undefined;
  /** Its slot has come. */
  go(): void;
  /** Its slot is too far away to be waited for here. */
  hold(slot: RateSlot): void;
}

/** No request waits here for longer; the shortest delay of a retry topic is mostly about as long. */
export const MAX_WAIT_MS = 5_000;
/** So many of a webhook's requests wait here, at most. */
export const MAX_WAITING = 500;
/** So many webhooks' slots are remembered while nobody can be asked for them. */
const MAX_REMEMBERED = 100_000;

/** The requests to one webhook, while there are any. */
interface Line {
  /** Those that have no slot yet. */
  wanting: LimitedRequest[];
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
  private readonly lines = new Map<string, Line>();
  /** The next slot of a webhook by our own reckoning, for while the source does not answer. */
  private readonly reckoned = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  private closed = false;

  constructor(given: { source: SlotSource; clock: Clock }) {
    this.source = given.source;
    this.clock = given.clock;
  }

  /** Lets a request go when its slot has come, or holds it. Perhaps before this returns. */
  enter(request: LimitedRequest): void {
    const line = this.lineOf(request);
    if (request.slot?.rate === request.rate) {
      this.place(line, request, request.slot);
      this.forgetIdle(request, line);
      return;
    }
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
    const line: Line = { wanting: [], reserving: false, queue: new SlotQueue(() => this.clock.now()) };
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
        this.place(line, request, { at: Math.round(first + index * slotDistanceMs(rate)), rate });
      }
    }
    line.reserving = false;
    this.forgetIdle({ webhookId, rate }, line);
  }

  /** While the source does not answer, every worker keeps to the limit for itself: events go out, at most so many times too fast. */
  private async firstSlot(wanted: WantedSlots): Promise<number> {
    const key = keyOf(wanted);
    const length = wanted.count * slotDistanceMs(wanted.rate);
    try {
      const first = await this.source.reserve(wanted);
      this.reckoned.set(key, first + length);
      return first;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      const first = Math.max(this.reckoned.get(key) ?? 0, this.clock.now());
      this.reckoned.set(key, first + length);
      return first;
    }
  }

  private place(line: Line, request: LimitedRequest, slot: RateSlot): void {
    const now = this.clock.now();
    if (slot.at > now && (slot.at - now > MAX_WAIT_MS || line.queue.size >= MAX_WAITING)) request.hold(slot);
    else line.queue.add(slot, () => this.letGo(line, request));
  }

  private letGo(line: Line, request: LimitedRequest): void {
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
