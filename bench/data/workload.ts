import { createHash } from 'node:crypto';

import { pathOf, type Target } from '../receiver/target.ts';

/** Which origin of the receiver an endpoint has. */
export type Side = 'origin' | 'other_origin';

/** A webhook to be in the store. */
export interface PlannedWebhook {
  readonly customerId: string;
  readonly target: Target;
  readonly side: Side;
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
  readonly name: string;
  readonly webhooks: readonly PlannedWebhook[];
  readonly routes: readonly Route[];
}

/** The path that event n of a workload with one endpoint a route goes to. */
export function firstPaths({ routes }: Workload): string[] {
  return routes.map(({ targets: [target] }) => (target === undefined ? '/' : pathOf(target)));
}

/** A UUID (version 8) that is always the same for the same name: partitions, too, are then the same in every run. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
