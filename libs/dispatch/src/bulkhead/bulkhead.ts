import type { Pressure } from '#libs/domain';

import type { CircuitBreaker, Verdict } from '../breaker/circuit-breaker.ts';
import type { Turn } from './turn.ts';
import { WebhookTraffic } from './webhook-traffic.ts';

/** What a worker has to do with its webhooks at a moment. */
export interface TrafficFigures {
  /** Attempts. */
  readonly underWay: number;
  /** Deliveries. */
  readonly waiting: number;
  /** Webhooks kept in mind, by the state of their breaker. */
  readonly breakers: Readonly<Record<CircuitBreaker['phase'], number>>;
}

export interface BulkheadOptions {
  /** Attempts at once per webhook. */
  readonly concurrency: number;
  /** How many deliveries of a webhook may wait for each attempt it may have under way; `Infinity` where they wait to keep their order. */
  readonly waitingPerSlot: number;
  /** The worker's bound on unsettled bytes; a quarter of it is one webhook's share. */
  readonly unsettledBytes: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Whether the worker itself is the bottleneck: then nobody is held for taking more than a share. */
  readonly busy: () => boolean;
}

/** How often {@link Bulkhead.tick} is to be called, in milliseconds. */
export const TICK_MS = 100;

const STUCK_MS = 1_000;
/** From here on a webhook with something waiting is taken for one that does not answer. */
const SILENT_MS = 200;
const COUNT_EVERY_MS = 10;
const LATE_TICK_MS = 500;
const EVICT_EVERY_MS = 5_000;
const KEPT_IDLE_MS = 10_000;
/** An open breaker that nobody has asked for so long is forgotten, too. */
const KEPT_UNUSED_MS = 600_000;
const SHARE = 4;

/**
 * Keeps webhooks apart: which attempts may be made now, which wait, and which deliveries are held (sent to a retry topic without an
 * attempt). A webhook that makes progress is waited for. One that is stuck, whose breaker is open, or that takes more
 * than its share while others wait, is held.
 */
export class Bulkhead {
  private readonly options: BulkheadOptions;
  private readonly share: number;
  private readonly webhooks = new Map<string, WebhookTraffic>();
  private readonly crowded = new Set<WebhookTraffic>();
  private lastTickAt: number;
  private stalledUntil = 0;
  private evictedAt: number;
  private unansweredCount = 0;
  private countedAt = -Infinity;

  constructor(options: BulkheadOptions) {
    this.options = options;
    this.share = options.unsettledBytes / SHARE;
    this.lastTickAt = options.now();
    this.evictedAt = this.lastTickAt;
  }

  /** How many webhooks it keeps in mind. */
  get size(): number {
    return this.webhooks.size;
  }

  /** Counts over all webhooks kept in mind. */
  traffic(): TrafficFigures {
    const breakers = { closed: 0, open: 0, half_open: 0 };
    let underWay = 0;
    let waiting = 0;
    for (const traffic of this.webhooks.values()) {
      underWay += traffic.underWay;
      waiting += traffic.waitingTurns;
      breakers[traffic.breaker.phase] += 1;
    }
    return { underWay, waiting, breakers };
  }

  /** About how many deliveries are under way to webhooks that do not answer, or wait for them. Cheap to ask. */
  unanswered(): number {
    if (this.crowded.size === 0) return 0;
    const now = this.options.now();
    if (now - this.countedAt < COUNT_EVERY_MS) return this.unansweredCount;
    this.countedAt = now;
    this.unansweredCount = 0;
    for (const traffic of this.crowded) {
      if (this.silentFor(traffic, now) >= SILENT_MS) this.unansweredCount += traffic.underWay + traffic.waitingTurns;
    }
    return this.unansweredCount;
  }

  /** Lets a delivery start, wait or be held. */
  enter(turn: Turn): void {
    const traffic = this.trafficOf(turn.webhookId);
    if (traffic.bytes < this.share / 2) traffic.overShare = false;
    if (traffic.overShare && traffic.bytes + turn.bytes > this.share) {
      turn.hold('backlog');
      return;
    }
    traffic.enter(turn, this.options.now());
    if (traffic.isWaiting) this.crowded.add(traffic);
  }

  /** Tells what became of an attempt: the next one of its lane may begin. Its slot is taken until it leaves. */
  decided(turn: Turn, verdict: Verdict): void {
    this.webhooks.get(turn.webhookId)?.decided(turn, verdict, this.options.now());
  }

  /** Ends an attempt that was started. @param verdict where it has none yet; `unused` when no attempt was made. */
  leave(turn: Turn, verdict: Verdict | 'unused'): void {
    this.webhooks.get(turn.webhookId)?.leave(turn, verdict, this.options.now());
  }

  /** Looks for webhooks that are stuck or take too much, and forgets idle ones. @param pressure what the worker waits for. */
  tick(pressure: Pressure | undefined): void {
    const now = this.options.now();
    // Answers that came while the process stood still have not been seen yet: it was not the endpoints that were slow.
    if (now - this.lastTickAt > LATE_TICK_MS) this.stalledUntil = now;
    this.lastTickAt = now;
    for (const traffic of this.crowded) {
      this.holdStuck(traffic, now);
      if (!traffic.isWaiting) this.crowded.delete(traffic);
    }
    if (pressure && !this.options.busy()) this.relieve(pressure, now);
    if (now - this.evictedAt >= EVICT_EVERY_MS) this.evict(now);
  }

  private trafficOf(webhookId: string): WebhookTraffic {
    const known = this.webhooks.get(webhookId);
    if (known) return known;
    const traffic = new WebhookTraffic(this.options.concurrency, this.options.waitingPerSlot);
    this.webhooks.set(webhookId, traffic);
    return traffic;
  }

  private holdStuck(traffic: WebhookTraffic, now: number): void {
    if (!traffic.full || !this.silent(traffic, now)) return;
    traffic.stuck = true;
    traffic.holdWaiting('stuck', now);
  }

  /** Whether something has waited for a second without an answer that is no failure. */
  private silent(traffic: WebhookTraffic, now: number): boolean {
    return this.silentFor(traffic, now) >= STUCK_MS;
  }

  /** Milliseconds since the last such answer, or since something began to wait. */
  private silentFor({ quietSince }: WebhookTraffic, now: number): number {
    return now - Math.max(quietSince, this.stalledUntil);
  }

  private relieve(pressure: Pressure, now: number): void {
    for (const traffic of this.crowded) {
      if (!pressure.othersWait(traffic.key)) continue;
      // Many that hang, each with a small share that waits in lanes, fill the bound together, and would fill it again.
      if (pressure.bytesFull && this.silent(traffic, now)) {
        traffic.lanesStuck = true;
        traffic.holdWaiting('stuck', now);
      } else if (pressure.bytesFull && traffic.bytes > this.share) {
        traffic.overShare = true;
        traffic.holdNewest('backlog', now, this.share);
      }
      for (const { topic, partition, shareFrom } of pressure.fullSpans) {
        traffic.holdWaiting(
          'backlog',
          now,
          ({ source }) => source.partition === partition && source.offset < shareFrom && source.topic === topic,
        );
      }
    }
  }

  private evict(now: number): void {
    this.evictedAt = now;
    for (const [id, traffic] of this.webhooks) {
      if (!traffic.idle) continue;
      const idleMs = now - traffic.idleSince;
      if (idleMs >= KEPT_UNUSED_MS || (idleMs >= KEPT_IDLE_MS && traffic.breaker.pristine(now))) {
        this.webhooks.delete(id);
      }
    }
  }
}
