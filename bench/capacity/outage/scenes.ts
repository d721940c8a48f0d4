import type { Assumptions } from '../assumptions.ts';
import type { Plan } from '../plan.ts';
import type { Outage } from './simulate.ts';

/** An outage that is worth looking at, and what it is called. */
export interface Scene {
  readonly name: string;
  readonly title: string;
  readonly outage: Outage;
}

const SCHEDULE = '5s,30s,2m,15m,1h,6h,24h';
const HOURS = 2;
/** Of all webhooks, and of all deliveries. */
const REGION = 0.3;
const HOLD_COST = 0.3;
/** Deliveries a second to one webhook: enough for its breaker to open within seconds, or not in hours. */
const RATES = { busy: 1, quiet: 1 / 3_600 };

/**
 * A third of the endpoints away for two hours, once with webhooks that get an event a second each, once with webhooks that get one an
 * hour. What the retry workers of the plan can do is theirs, less what they do on any day.
 */
export function scenesOf(plan: Plan, assumed: Assumptions): Scene[] {
  const perSecond = plan.rates.firstAttempts * REGION;
  const able = (plan.retryWorkers * assumed.coresPerWorker * 1e6) / (plan.attemptCpuUs * assumed.retryFactor);
  const common = {
    schedule: SCHEDULE,
    perSecond,
    hours: HOURS,
    retriesPerSecond: Math.max(1, able - plan.rates.laterAttempts),
    holdCost: HOLD_COST,
  };
  return [
    {
      name: 'busy',
      title: 'Busy webhooks: an event a second each',
      outage: { ...common, webhooks: perSecond / RATES.busy },
    },
    {
      name: 'quiet',
      title: 'Quiet webhooks: an event an hour each',
      outage: { ...common, webhooks: perSecond / RATES.quiet },
    },
  ];
}
