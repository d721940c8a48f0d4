import { createHash } from 'node:crypto';

import type { Target } from '../receiver/target.ts';

/** Which origin of the receiver an endpoint has. */
export type Origin = 'first' | 'other';

/** A webhook to be in the store. */
export interface PlannedWebhook {
  readonly customerId: string;
  readonly target: Target;
  readonly origin: Origin;
  readonly eventTypes: readonly string[];
}

/** A resource, the type its events have, and the endpoints that its events go to. */
export interface Route {
  readonly customerId: string;
  readonly resourceId: string;
  readonly eventType: string;
  readonly targets: readonly Target[];
}

/** The webhooks of a scenario and the resources whose events they get. Event n belongs to route n modulo their count. */
export interface Workload {
  readonly webhooks: readonly PlannedWebhook[];
  readonly routes: readonly Route[];
}

/** Whether an endpoint is to answer, sooner or later. */
export function answers({ behaviour }: Target): boolean {
  return behaviour.kind !== 'hang';
}

/** How many deliveries the events 0 to `events - 1` owe to endpoints that answer. */
export function expectedDeliveries({ routes }: Workload, events: number): number {
  const perRoute = routes.map(({ targets }) => targets.filter(answers).length);
  const round = perRoute.reduce((sum, count) => sum + count, 0);
  const rest = perRoute.slice(0, events % routes.length).reduce((sum, count) => sum + count, 0);
  return Math.floor(events / routes.length) * round + rest;
}

/** A UUID (version 8) that is always the same for the same name: partitions, too, are then the same in every run. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
