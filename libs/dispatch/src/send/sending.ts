import type { Clock, Pressure } from '#libs/domain';
import { type Environment, eventLoopBusy, type MetricsRegistry } from '#libs/runtime';

import type { Dispatcher } from '../attempt/dispatcher.ts';
import { dispatcherFor } from '../attempt/dispatcher-for.ts';
import { Bulkhead, TICK_MS } from '../bulkhead/bulkhead.ts';
import { trafficMetrics } from '../metrics/traffic-metrics.ts';
import { RateLimiter, type SlotSource } from '../rate/rate-limiter.ts';
import { DeliverySender } from './delivery-sender.ts';

/** What a worker sends with: dispatcher and bulkhead as the environment describes them. */
export class Sending {
  readonly sender: DeliverySender;
  private readonly dispatcher: Dispatcher;
  private readonly bulkhead: Bulkhead;
  private readonly limiter: RateLimiter;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param given.source where limited webhooks' slots come from
   * @param given.waitingPerSlot see {@link BulkheadOptions.waitingPerSlot}.
   */
  constructor(given: {
    environment: Environment;
    clock: Clock;
    source: SlotSource;
    metrics: MetricsRegistry;
    waitingPerSlot?: number;
  }) {
    const { environment, clock, source, metrics, waitingPerSlot = Infinity } = given;
    const monotonic = (): number => performance.now();
    this.dispatcher = dispatcherFor(environment, clock);
    this.bulkhead = new Bulkhead({
      concurrency: environment.WEBHOOK_CONCURRENCY,
      waitingPerSlot,
      unsettledBytes: environment.UNSETTLED_BYTES,
      now: monotonic,
      busy: eventLoopBusy(),
    });
    trafficMetrics(metrics, this.bulkhead);
    this.limiter = new RateLimiter({ source, clock, monotonic, unsettledBytes: environment.UNSETTLED_BYTES });
    const { dispatcher, bulkhead, limiter } = this;
    this.sender = new DeliverySender({ dispatcher, bulkhead, limiter, clock });
  }

  /** Keeps webhooks apart from now on. @param pressure why the worker takes nothing at the moment. */
  start(pressure: () => Pressure | undefined): void {
    this.timer = setInterval(() => this.bulkhead.tick(pressure()), TICK_MS);
  }

  /** About how many deliveries wait for endpoints that do not answer. Cheap to ask. */
  unanswered(): number {
    return this.bulkhead.unanswered();
  }

  /** Drops every connection. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.limiter.close();
    await this.dispatcher.close();
  }
}
