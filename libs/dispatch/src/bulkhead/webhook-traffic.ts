import type { HoldReason } from '#libs/domain';

import { CircuitBreaker, type Permit, type Verdict } from '../breaker/circuit-breaker.ts';
import { Fifo } from './fifo.ts';
import type { Turn } from './turn.ts';

/** Attempts at once that a webhook begins with. */
const FIRST_LIMIT = 20;

/** The turns behind one that is under way, or that waits for a slot. Those held meanwhile are still in it, and skipped. */
type Lane = Fifo<Turn>;

/**
 * The deliveries of one webhook: those under way, those that wait for a slot, and those that wait for the one before them in their
 * lane. The number under way begins small and grows with every success, as TCP's slow start does, so that an endpoint which does not
 * answer costs few connections.
 *
 * Invariant: a turn is in exactly one place: under way (`permits`), waiting (`waiting`), or gone.
 */
export class WebhookTraffic {
  readonly breaker = new CircuitBreaker();
  private readonly maxLimit: number;
  private readonly waitingPerSlot: number;
  private limit: number;
  private readonly permits = new Map<Turn, Permit>();
  private readonly waiting = new Set<Turn>();
  /** The first of each lane, waiting for a slot. */
  private readonly ready = new Fifo<Turn>();
  private readonly lanes = new Map<Turn['lane'], Lane>();
  private bytesHeld = 0;
  private starting = false;
  /** When it last had a success, or began to have something waiting. */
  quietSince = 0;
  /** Set while all attempts are under way and none succeeds; what comes is held. */
  stuck = false;
  /** Set while the webhook is held to its share of the worker. */
  overShare = false;
  /** Since when nothing is under way or waits. */
  idleSince = 0;
  /** The key of the records that its deliveries come from. */
  key = '';

  /**
   * @param maxLimit attempts at once, at most.
   * @param waitingPerSlot how many deliveries may wait for each attempt that may be under way; what comes then is held.
   */
  constructor(maxLimit: number, waitingPerSlot: number) {
    this.maxLimit = maxLimit;
    this.waitingPerSlot = waitingPerSlot;
    this.limit = Math.min(FIRST_LIMIT, maxLimit);
  }

  /** Bytes of everything under way or waiting. */
  get bytes(): number {
    return this.bytesHeld;
  }

  /** Attempts. */
  get underWay(): number {
    return this.permits.size;
  }

  /** Deliveries. */
  get waitingTurns(): number {
    return this.waiting.size;
  }

  get full(): boolean {
    return this.permits.size >= this.limit;
  }

  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  get idle(): boolean {
    return this.permits.size === 0 && this.waiting.size === 0;
  }

  /** Lets a turn start, or wait, or holds it where waiting leads nowhere. */
  enter(turn: Turn, now: number): void {
    if (this.breaker.refuses(now)) return turn.hold('breaker_open');
    if (this.full && this.stuck) return turn.hold('stuck');
    if (this.waiting.size >= this.limit * this.waitingPerSlot) return turn.hold('backlog');
    this.key = turn.source.key;
    if (!this.isWaiting) this.quietSince = now;
    this.bytesHeld += turn.bytes;
    this.waiting.add(turn);
    const lane = this.lanes.get(turn.lane);
    if (lane) {
      lane.push(turn);
      return;
    }
    if (turn.lane !== undefined) this.lanes.set(turn.lane, new Fifo());
    this.ready.push(turn);
    this.startReady(now);
  }

  /** Ends an attempt that was started. */
  leave(turn: Turn, verdict: Verdict | 'unused', now: number): void {
    const permit = this.permits.get(turn);
    if (!permit) return;
    const wasFull = this.full;
    this.permits.delete(turn);
    this.bytesHeld -= turn.bytes;
    this.breaker.record(permit, verdict, now);
    if (verdict === 'success') {
      this.quietSince = now;
      this.stuck = false;
      if (wasFull && this.limit < this.maxLimit) this.limit += 1;
    } else if (verdict === 'failure') {
      this.limit = Math.max(Math.min(FIRST_LIMIT, this.maxLimit), this.limit >> 1);
    }
    if (this.breaker.phase === 'open') this.holdWaiting('breaker_open', now);
    this.laneMovesOn(turn);
    this.startReady(now);
    if (this.idle) this.idleSince = now;
  }

  /** Holds what waits. @param wanted which of it; all by default. */
  holdWaiting(reason: HoldReason, now: number, wanted: (turn: Turn) => boolean = () => true): void {
    for (const turn of this.waiting) if (wanted(turn)) this.hold(turn, reason);
    this.startReady(now);
  }

  /** Holds what waits, the newest first, until no more than `bytes` are left. */
  holdNewest(reason: HoldReason, now: number, bytes: number): void {
    for (const turn of [...this.waiting].toReversed()) {
      if (this.bytesHeld <= bytes) break;
      this.hold(turn, reason);
    }
    this.startReady(now);
  }

  private hold(turn: Turn, reason: HoldReason): void {
    if (!this.waiting.delete(turn)) return;
    this.bytesHeld -= turn.bytes;
    turn.hold(reason);
  }

  /** A turn that starts may end at once and come back here: the loop goes on where it is, instead of nesting. */
  private startReady(now: number): void {
    if (this.starting) return;
    this.starting = true;
    for (let turn = this.ready.peek(); turn; turn = this.ready.peek()) {
      const wanted = this.waiting.has(turn);
      if (wanted && this.full) break;
      this.ready.shift();
      if (wanted) this.start(turn, now);
      else this.laneMovesOn(turn);
    }
    this.starting = false;
  }

  private start(turn: Turn, now: number): void {
    const permit = this.breaker.permit(now);
    if (!permit) {
      this.hold(turn, 'breaker_open');
      this.laneMovesOn(turn);
      return;
    }
    this.waiting.delete(turn);
    this.permits.set(turn, permit);
    turn.start();
  }

  /** The next turn of a lane that still waits becomes ready; a lane without one is forgotten. */
  private laneMovesOn({ lane: name }: Turn): void {
    const lane = this.lanes.get(name);
    if (!lane) return;
    let next = lane.shift();
    while (next && !this.waiting.has(next)) next = lane.shift();
    if (next) this.ready.push(next);
    else this.lanes.delete(name);
  }
}
