import type { Clock } from '#libs/domain';
import type { Environment } from '#libs/runtime';
import {
  AccessKeyRepository,
  AuditRepository,
  IdempotencyRepository,
  RateSlotRepository,
  ReplayRepository,
  type Store,
  WebhookRepository,
} from '#libs/store';

import type { Indexed } from './preparation-steps.ts';

/** What the admin REST keeps in MongoDB. The ledger sees to the indexes of what it writes itself. */
export function indexedBy(
  store: Store,
  clock: Clock,
  environment: Pick<Environment, 'ATTEMPT_KEEP' | 'AUDIT_KEEP'>,
): Indexed[] {
  return [
    new WebhookRepository(store, clock),
    new AccessKeyRepository(store),
    new ReplayRepository(store, clock, { keepMs: environment.ATTEMPT_KEEP }),
    new RateSlotRepository(store),
    new IdempotencyRepository(store, clock),
    new AuditRepository(store, { keepMs: environment.AUDIT_KEEP }),
  ];
}
