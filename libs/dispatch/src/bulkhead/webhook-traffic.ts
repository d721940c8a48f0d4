import type { HoldReason } from '#libs/domain';

import { CircuitBreaker, type Verdict } from '../breaker/circuit-breaker.ts';
import { LinkedList } from '../connections/linked-list.ts';
import { Fifo } from './fifo.ts';
import type { Turn } from './turn.ts';

/** Attempts at once that a webhook begins with. */
const FIRST_LIMIT = 20;
/** So many lanes are kept, at least, before those that are empty are forgotten. */
const LANES_KEPT = 32;

/** The turns of a lane: the first is under way, or waits for a slot. */
interface Lane {
  busy: boolean;
  /** Those behind the first. Those held meanwhile are still in it, and skipped. */
  readonly behind: Fifo<Turn>;
}

/**
 * The deliveries of one webhook: those under way, those that wait for a slot, and those that wait for the one before them in their
 * lane. The number under way begins small and grows with every success, as TCP's slow start does, so that an endpoint which does not
 * answer costs few connections.
 *
 * Invariant: a turn is in exactly one place: under way (it `hasSlot`), waiting (it `waits`), or gone.
 *
 * No delivery may be put into a Map or Set and taken out again: the engine links the tables that these outgrow, and whatever was in one
 * then survives until the whole heap is collected.
 */
export class WebhookTraffic {
  readonly breaker = new CircuitBreaker();
  private readonly maxLimit: number;
  private readonly waitingPerSlot: number;
  private limit: number;
  private readonly waiting = new LinkedList<Turn>();
  private underWayCount = 0;
  /** The first of each lane, waiting for a slot. */
  private readonly ready = new Fifo<Turn>();
  private lanes = new Map<string, Lane>();
  private lanesKept = LANES_KEPT;
  private bytesHeld = 0;
  private starting = false;
  /** When its endpoint last gave an answer that is no failure, or something began to wait. */
  quietSince = 0;
  /** Set while every slot is taken and none becomes free; what comes is held. */
  stuck = false;
  /** Set when what waited in its lanes helped to fill the worker's bound; what comes for a busy lane is held until it answers. */
  lanesStuck = false;
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
    return this.underWayCount;
  }

  /** Deliveries. */
  get waitingTurns(): number {
    return this.waiting.size;
  }

  get full(): boolean {
    return this.underWayCount >= this.limit;
  }

  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  get idle(): boolean {
    return this.underWayCount === 0 && this.waiting.size === 0;
  }

  /** Lets a turn start, or wait, or holds it where waiting leads nowhere. */
  enter(turn: Turn, now: number): void {
    if (this.breaker.refuses(now)) return turn.hold('breaker_open');
    if ((this.full && this.stuck) || (this.lanesStuck && this.laneIsBusy(turn))) return turn.hold('stuck');
    if (this.waiting.size >= this.limit * this.waitingPerSlot) return turn.hold('backlog');
    this.key = turn.source.key;
    if (!this.isWaiting) this.quietSince = now;
    this.bytesHeld += turn.bytes;
    turn.waits = true;
    this.waiting.append(turn);
    if (turn.lane !== undefined) {
      const lane = this.laneOf(turn.lane);
      if (lane.busy) {
        lane.behind.push(turn);
        return;
      }
      lane.busy = true;
    }
    this.ready.push(turn);
    this.startReady(now);
  }

  /** Takes the verdict of an attempt that was started; the next turn of its lane becomes ready. */
  decided(turn: Turn, verdict: Verdict | 'unused', now: number): void {
    const { permit } = turn;
    if (!permit) return;
    turn.permit = undefined;
    this.breaker.record(permit, verdict, now);
    if (verdict === 'success' || verdict === 'answered') {
      this.quietSince = now;
      this.lanesStuck = false;
    }
    if (verdict === 'success' && this.full && this.limit < this.maxLimit) this.limit += 1;
    if (verdict === 'failure') this.limit = Math.max(Math.min(FIRST_LIMIT, this.maxLimit), this.limit >> 1);
    if (this.breaker.phase === 'open') this.holdWaiting('breaker_open', now);
    this.laneMovesOn(turn);
    this.startReady(now);
  }

  /** Ends an attempt that was started. An answer whose body does not end takes its slot until then. */
  leave(turn: Turn, verdict: Verdict | 'unused', now: number): void {
    if (!turn.hasSlot) return;
    this.decided(turn, verdict, now);
    turn.hasSlot = false;
    this.underWayCount -= 1;
    this.bytesHeld -= turn.bytes;
    if (!this.full) this.stuck = false;
    this.startReady(now);
    if (!this.idle) return;
    this.idleSince = now;
    this.lanesStuck = false;
  }

  /** Holds what waits. @param wanted which of it; all by default. */
  holdWaiting(reason: HoldReason, now: number, wanted: (turn: Turn) => boolean = () => true): void {
    for (const turn of this.waiting.all()) if (wanted(turn)) this.hold(turn, reason);
    this.startReady(now);
  }

  /** Holds what waits, the newest first, until no more than `bytes` are left. */
  holdNewest(reason: HoldReason, now: number, bytes: number): void {
    for (const turn of this.waiting.all().toReversed()) {
      if (this.bytesHeld <= bytes) break;
      this.hold(turn, reason);
    }
    this.startReady(now);
  }

  private hold(turn: Turn, reason: HoldReason): void {
    if (!turn.waits) return;
    this.waitsNoMore(turn);
    this.bytesHeld -= turn.bytes;
    turn.hold(reason);
  }

  private waitsNoMore(turn: Turn): void {
    turn.waits = false;
    this.waiting.remove(turn);
  }

  /** A turn that starts may end at once and come back here: the loop goes on where it is, instead of nesting. */
  private startReady(now: number): void {
    if (this.starting) return;
    this.starting = true;
    for (let turn = this.ready.peek(); turn; turn = this.ready.peek()) {
      if (turn.waits && this.full) break;
      this.ready.shift();
      if (turn.waits) this.start(turn, now);
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
    this.waitsNoMore(turn);
    turn.permit = permit;
    turn.hasSlot = true;
    this.underWayCount += 1;
    turn.start();
  }

  /** The next turn of a lane that still waits becomes ready. */
  private laneMovesOn({ lane: name }: Turn): void {
    const lane = name === undefined ? undefined : this.lanes.get(name);
    if (!lane) return;
    let next = lane.behind.shift();
    while (next && !next.waits) next = lane.behind.shift();
    if (next) this.ready.push(next);
    else lane.busy = false;
  }

  private laneIsBusy({ lane: name }: Turn): boolean {
    return name !== undefined && (this.lanes.get(name)?.busy ?? false);
  }

  private laneOf(name: string): Lane {
    const known = this.lanes.get(name);
    if (known) return known;
    if (this.lanes.size >= this.lanesKept) this.forgetEmptyLanes();
    const lane = { busy: false, behind: new Fifo<Turn>() };
    this.lanes.set(name, lane);
    return lane;
  }

  /** Seldom enough that it costs little for each lane, also while all are busy. */
  private forgetEmptyLanes(): void {
    this.lanes = new Map([...this.lanes].filter(([, { busy }]) => busy));
    this.lanesKept = Math.max(LANES_KEPT, this.lanes.size * 2);
  }
}
