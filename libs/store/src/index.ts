export * from './access-key-repository.ts';
export * from './audit-repository.ts';
export * from './customer-repository.ts';
export * from './idempotency-repository.ts';
export { STATUS_CLASSES, type StatusClass } from './ledger/attempt-facets.ts';
export {
  type AttemptQuery,
  AttemptRepository,
  type EventDelivery,
  type ReplayOutcome,
} from './ledger/attempt-repository.ts';
export * from './ledger/dead-letter-repository.ts';
export * from './ledger/dirty-hour-repository.ts';
export type { KeptRecord } from './ledger/kept-record.ts';
export type { EntryPage } from './ledger/paged-read.ts';
export * from './ledger/rejected-event-repository.ts';
export { isSortKey, sortKey } from './ledger/sort-key.ts';
export * from './ledger/webhook-health-repository.ts';
export * from './ledger/webhook-hour-repository.ts';
export * from './rate-slot-repository.ts';
export * from './replays/replay.ts';
export * from './replays/replay-repository.ts';
export * from './sealed-values-repository.ts';
export { Store } from './store.ts';
export * from './webhook-change.ts';
export * from './webhook-change-repository.ts';
export type { StoredWebhook } from './webhook-document.ts';
export { WebhookRepository } from './webhook-repository.ts';
export * from './webhook-status-repository.ts';
