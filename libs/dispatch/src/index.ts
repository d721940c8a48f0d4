export type { AttemptObserver } from './attempt/attempt-handler.ts';
export * from './attempt/dispatcher.ts';
export { AddressPolicy } from './network/address-policy.ts';
export { NameResolver, type Resolve } from './network/name-resolver.ts';
export { type Delivery, DeliverySender } from './send/delivery-sender.ts';
export { Sending } from './send/sending.ts';
