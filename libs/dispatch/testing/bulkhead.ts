import type { HoldReason, Pressure } from '#libs/domain';

import { Bulkhead, TICK_MS } from '../src/bulkhead/bulkhead.ts';
import type { Turn } from '../src/bulkhead/turn.ts';

export const SHARE = 1_000;

export class TestTurn implements Turn {
  before: Turn | undefined;
  after: Turn | undefined;
  waits = false;
  hasSlot = false;
  permit: Turn['permit'];
  readonly webhookId: string;
  readonly lane: string | undefined;
  readonly bytes: number;
  readonly source: Turn['source'];
  state: 'waiting' | 'running' | HoldReason = 'waiting';
  private readonly onStart: (turn: TestTurn) => void;
  private readonly onHold: () => void;

  constructor(
    webhookId: string,
    lane: string | undefined,
    given: {
      bytes?: number;
      offset?: number;
      key?: string;
      onStart?: (turn: TestTurn) => void;
      onHold?: () => void;
    } = {},
  ) {
    this.webhookId = webhookId;
    this.lane = lane;
    this.bytes = given.bytes ?? 1;
    this.source = { key: given.key ?? webhookId, topic: 't', partition: 0, offset: given.offset ?? 0 };
    this.onStart = given.onStart ?? (() => undefined);
    this.onHold = given.onHold ?? (() => undefined);
  }

  start(): void {
    this.expectWaiting();
    this.state = 'running';
    this.onStart(this);
  }

  hold(reason: HoldReason): void {
    this.expectWaiting();
    this.state = reason;
    this.onHold();
  }

  private expectWaiting(): void {
    if (this.state !== 'waiting') throw new Error(`a turn that is ${this.state} was started or held again`);
  }
}

export function setUp(concurrency = 2, waitingPerSlot = Infinity) {
  const time = { now: 0, busy: false };
  const bulkhead = new Bulkhead({
    concurrency,
    waitingPerSlot,
    unsettledBytes: SHARE * 4,
    now: () => time.now,
    busy: () => time.busy,
  });
  const wait = (ms: number, pressure?: Pressure): void => {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      time.now += TICK_MS;
      bulkhead.tick(pressure);
    }
  };
  const enter = (webhook: string, lane?: string, given?: ConstructorParameters<typeof TestTurn>[2]): TestTurn => {
    const turn = new TestTurn(webhook, lane, given);
    bulkhead.enter(turn);
    return turn;
  };
  return { bulkhead, time, wait, enter };
}

export const bytesFull = (waitingKeys: readonly string[]): Pressure => ({
  bytesFull: true,
  fullSpans: [],
  othersWait: (key) => waitingKeys.some((waiting) => waiting !== key),
});
