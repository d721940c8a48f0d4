import { getRandomValues } from 'node:crypto';

import { type Clock, type RetrySchedule, TimeOrderedIds } from '#libs/domain';
import type { Logger, MetricsRegistry } from '#libs/runtime';

import { SettlementMetrics } from '../metrics/settlement-metrics.ts';
import type { TopicPlan } from '../topics/topic-plan.ts';
import { type AttemptEncoder, AttemptLog } from '../trail/attempt-log.ts';
import { AttemptLines, type AttemptLogged } from './attempt-lines.ts';
import { DeliverySettlement } from './delivery-settlement.ts';
import { DerivedRecords } from './derived-records.ts';
import { DurableWriter, type Sender } from './durable-writer.ts';

/** What a worker settles deliveries with. */
export interface Settling {
  readonly records: DerivedRecords;
  readonly writer: DurableWriter;
  readonly deliveries: DeliverySettlement;
  readonly metrics: SettlementMetrics;
}

/** Puts together what makes the ends of deliveries durable, over one producer. */
export function settlingWith(given: {
  readonly plan: TopicPlan;
  readonly schedule: RetrySchedule;
  readonly producer: Sender;
  readonly encoder: AttemptEncoder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: MetricsRegistry;
  /** Of which deliveries the log tells. */
  readonly logged: AttemptLogged;
}): Settling {
  const { plan, schedule, encoder, clock, logger } = given;
  const records = new DerivedRecords(plan);
  const metrics = new SettlementMetrics(given.registry, plan);
  const writer = new DurableWriter({ sender: given.producer, logger, metrics });
  const attempts = new AttemptLog({ encoder, topic: plan.attempts.name, writer, logger });
  const lines = new AttemptLines({ logged: given.logged, logger });
  const ids = new TimeOrderedIds(clock, (bytes) => void getRandomValues(bytes));
  const newId = (): string => ids.next();
  return {
    records,
    writer,
    deliveries: new DeliverySettlement({ schedule, records, writer, attempts, metrics, lines, clock, newId }),
    metrics,
  };
}
