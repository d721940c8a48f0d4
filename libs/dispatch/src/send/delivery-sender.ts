import type { AttemptOutcome, Clock, Ending, HoldReason, RateSlot, Webhook, WebhookEvent } from '#libs/domain';

import type { AttemptObserver } from '../attempt/attempt-handler.ts';
import type { Dispatcher } from '../attempt/dispatcher.ts';
import { verdictOf } from '../breaker/verdict.ts';
import type { Bulkhead } from '../bulkhead/bulkhead.ts';
import type { Turn, TurnSource } from '../bulkhead/turn.ts';
import type { DeliveryTrace } from '../trace/delivery-traces.ts';
import type { RateLimiter } from '../rate/rate-limiter.ts';

/** One delivery to be attempted when its turn comes. */
export interface Delivery {
  readonly webhook: Webhook;
  readonly event: WebhookEvent;
  /** Counts from 1. */
  readonly attempt: number;
  /** `<partition>.<offset>` of the event in the log. */
  readonly sequence: string;
  /** Deliveries of one webhook and lane are attempted one after the other; undefined = in any order. */
  readonly lane: string | undefined;
  readonly bytes: number;
  readonly source: TurnSource;
  /** The replay that asked for it. */
  readonly replayId?: string | undefined;
  readonly trace?: DeliveryTrace | undefined;
  /** Reserved when it was held before. */
  readonly slot?: RateSlot | undefined;
}

/** Makes attempts when the webhook's limit and the bulkhead let them. The lane is free as soon as the outcome is known, the slot when the exchange is over. */
export class DeliverySender {
  private readonly dispatcher: Dispatcher;
  private readonly bulkhead: Bulkhead;
  private readonly limiter: RateLimiter;
  private readonly clock: Clock;

  constructor(given: { dispatcher: Dispatcher; bulkhead: Bulkhead; limiter: RateLimiter; clock: Clock }) {
    this.dispatcher = given.dispatcher;
    this.bulkhead = given.bulkhead;
    this.limiter = given.limiter;
    this.clock = given.clock;
  }

  /**
   * Begins with a delivery.
   *
   * @param wanted asked when its turn has come; false drops it.
   * @param ended told once, when the exchange with the endpoint is over or the delivery was held; perhaps before this returns.
   */
  send(delivery: Delivery, wanted: () => boolean, ended: (ending: Ending) => void): void {
    const { dispatcher, bulkhead, clock } = this;
    const { trace } = delivery;
    const told = trace ? (ending: Ending): void => ended(trace.ended(ending)) : ended;
    const turn = new DeliveryOnItsWay({ delivery, wanted, ended: told, dispatcher, bulkhead, clock });
    const { id: webhookId, rateLimit: rate } = delivery.webhook;
    if (rate === undefined) bulkhead.enter(turn);
    else {
      const { slot, bytes } = delivery;
      const go = (): void => bulkhead.enter(turn);
      this.limiter.enter({ webhookId, rate, bytes, slot, go, hold: (later) => turn.hold('rate_limited', later) });
    }
  }
}

/** A delivery on its way through the bulkhead and the exchange. */
class DeliveryOnItsWay implements Turn, AttemptObserver {
  before: Turn | undefined;
  after: Turn | undefined;
  waits = false;
  hasSlot = false;
  permit: Turn['permit'];
  readonly webhookId: string;
  readonly lane: string | undefined;
  readonly bytes: number;
  readonly source: TurnSource;
  private readonly given: {
    readonly delivery: Delivery;
    readonly wanted: () => boolean;
    readonly ended: (ending: Ending) => void;
    readonly dispatcher: Dispatcher;
    readonly bulkhead: Bulkhead;
    readonly clock: Clock;
  };
  private at = 0;
  private outcome: AttemptOutcome | undefined;

  constructor(given: DeliveryOnItsWay['given']) {
    this.given = given;
    this.webhookId = given.delivery.webhook.id;
    this.lane = given.delivery.lane;
    this.bytes = given.delivery.bytes;
    this.source = given.delivery.source;
  }

  start(): void {
    const { delivery, dispatcher, bulkhead, clock, wanted, ended } = this.given;
    if (!wanted()) {
      ended({ kind: 'dropped' });
      bulkhead.leave(this, 'unused');
      return;
    }
    this.at = clock.now();
    dispatcher.attempt(
      {
        webhook: delivery.webhook,
        eventId: delivery.event.id,
        body: delivery.event.body,
        sequence: delivery.sequence,
        attempt: delivery.attempt,
        replayId: delivery.replayId,
        traceparent: delivery.trace?.begins(this.at),
      },
      this,
    );
  }

  hold(reason: HoldReason, slot?: RateSlot): void {
    const { ended, clock, wanted } = this.given;
    ended(wanted() ? { kind: 'held', reason, at: clock.now(), slot } : { kind: 'dropped' });
  }

  /** The next attempt begins a moment later: mostly the whole answer is there, and its connection comes free meanwhile. */
  onOutcome(outcome: AttemptOutcome): void {
    this.outcome = outcome;
    queueMicrotask(() => {
      if (this.permit) this.given.bulkhead.decided(this, verdictOf(outcome));
    });
  }

  onEnd(excerpt: Buffer | undefined): void {
    const { outcome, at } = this;
    if (!outcome) return;
    this.given.bulkhead.leave(this, verdictOf(outcome));
    this.given.ended({ kind: 'attempted', outcome, at, excerpt });
  }
}
