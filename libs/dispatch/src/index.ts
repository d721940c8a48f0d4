export type { AttemptObserver } from './attempt/attempt-handler.ts';
export * from './attempt/dispatcher.ts';
export { dispatcherFor } from './attempt/dispatcher-for.ts';
export { AddressPolicy } from './network/address-policy.ts';
export { NameResolver, type Resolve } from './network/name-resolver.ts';
export { WebhookSlots } from './bulkhead/webhook-slots.ts';
