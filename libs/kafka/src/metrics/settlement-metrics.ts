import { type AttemptRecord, DEAD_LETTER_REASONS, REJECTION_REASONS, type RejectionReason } from '#libs/domain';
import {
  Counter,
  type MetricsRegistry,
  type Tally,
  type TallyBuckets,
  TallyCounter,
  TallyHistogram,
} from '#libs/runtime';

import type { TopicPlan } from '../topics/topic-plan.ts';

const ATTEMPT_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LATENCY_BUCKETS_S = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 259_200,
];
const FIRST_ATTEMPT = 1;

/** The topics that records are derived into. */
type DerivedTopics = Pick<TopicPlan, 'rejected' | 'deadLetters' | 'attempts' | 'replays' | 'retries'>;

/** Counts what becomes of records and deliveries. What every delivery does is tallied. */
export class SettlementMetrics {
  private readonly deliveries: TallyCounter<'outcome' | 'reason'>;
  private readonly delivered: Tally;
  /** Of what was not delivered, by outcome and reason: all events of an endpoint may be held. */
  private readonly undelivered = new Map<string, Tally>();
  private readonly durations: Readonly<Record<'delivered' | 'failed', TallyBuckets>>;
  private readonly latencies: Readonly<Record<'first' | 'later', TallyBuckets>>;
  /** By tier. */
  private readonly retries: ReadonlyMap<string, Tally>;
  private readonly deadLetters: Counter;
  private readonly rejections: Counter;
  private readonly parkings: Counter;
  private readonly writeFailures: Counter;

  constructor(metrics: MetricsRegistry, topics: DerivedTopics) {
    const registers = [metrics];
    this.deliveries = new TallyCounter({
      name: 'webhook_deliveries_total',
      help: 'Attempts by outcome, and deliveries held or skipped without one',
      labelNames: ['outcome', 'reason'],
      registers,
    });
    this.delivered = this.deliveries.tally({ outcome: 'delivered', reason: '' });
    const durations = new TallyHistogram({
      name: 'webhook_attempt_duration_seconds',
      help: "From the start of a request to the end of the answer's headers, or to its failure",
      labelNames: ['outcome'],
      buckets: ATTEMPT_BUCKETS_S,
      registers,
    });
    const duration = (outcome: string): TallyBuckets => durations.tally({ outcome });
    this.durations = { delivered: duration('delivered'), failed: duration('failed') };
    const latencies = new TallyHistogram({
      name: 'webhook_delivery_latency_seconds',
      help: "From the event's time stamp in Kafka to the success, without replays",
      labelNames: ['attempts'],
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    const latency = (attempts: string): TallyBuckets => latencies.tally({ attempts });
    this.latencies = { first: latency('first'), later: latency('later') };
    const retries = new TallyCounter({
      name: 'webhook_retries_total',
      help: 'Deliveries put into a retry topic, after a failure or held',
      labelNames: ['tier'],
      registers,
    });
    this.retries = new Map(topics.retries.map(({ tier: { name: tier } }) => [tier, retries.tally({ tier })]));
    this.deadLetters = new Counter({
      name: 'webhook_dead_letters_total',
      help: 'Deliveries given up',
      labelNames: ['reason'],
      registers,
    });
    this.rejections = new Counter({
      name: 'webhook_rejected_records_total',
      help: 'Records that can never be delivered',
      labelNames: ['reason'],
      registers,
    });
    this.parkings = new Counter({
      name: 'webhook_parked_records_total',
      help: 'Records put aside because MongoDB or the schema registry was away',
      registers,
    });
    this.writeFailures = new Counter({
      name: 'webhook_write_failures_total',
      help: 'Failed writes of derived records; each is tried again until it is durable',
      labelNames: ['topic'],
      registers,
    });
    this.showZeros(topics);
  }

  /** A counter that first shows as 1 has not grown, as Prometheus sees it: the first of what is rare has to grow from 0 to raise an alert. */
  private showZeros({ rejected, deadLetters, attempts, replays, retries }: DerivedTopics): void {
    for (const reason of DEAD_LETTER_REASONS) this.deadLetters.inc({ reason }, 0);
    for (const reason of REJECTION_REASONS) this.rejections.inc({ reason }, 0);
    for (const { name } of [rejected, deadLetters, attempts, replays, ...retries])
      this.writeFailures.inc({ topic: name }, 0);
  }

  /**
   * An entry of the trail was made.
   *
   * @param producedAt the event's time stamp in milliseconds since the epoch; undefined where its latency says nothing.
   */
  delivery(
    { outcome, reason, attempt, at, timing, next, nextTier, nextReason }: AttemptRecord,
    producedAt?: number,
  ): void {
    if (outcome === 'delivered') {
      this.delivered.inc();
      if (producedAt !== undefined) {
        const latencyMs = at + timing.totalMs - producedAt;
        this.latencies[attempt === FIRST_ATTEMPT ? 'first' : 'later'].observe(Math.max(0, latencyMs) / 1_000);
      }
    } else {
      this.undeliveredBy(outcome, reason ?? '').inc();
    }
    if (outcome === 'delivered' || outcome === 'failed') this.durations[outcome].observe(timing.totalMs / 1_000);
    if (next === 'retry') this.retries.get(nextTier ?? '')?.inc();
    if (next === 'dead_letter') this.deadLetters.inc({ reason: nextReason ?? '' });
  }

  rejected(reason: RejectionReason): void {
    this.rejections.inc({ reason });
  }

  parked(): void {
    this.parkings.inc();
  }

  writeFailed(topic: string): void {
    this.writeFailures.inc({ topic });
  }

  private undeliveredBy(outcome: string, reason: string): Tally {
    const name = `${outcome} ${reason}`;
    const known = this.undelivered.get(name);
    if (known) return known;
    const tally = this.deliveries.tally({ outcome, reason });
    this.undelivered.set(name, tally);
    return tally;
  }
}
