export type { AttemptObserver } from './attempt/attempt-handler.ts';
export { dispatcherFor } from './attempt/dispatcher-for.ts';
export * from './attempt/dispatcher.ts';
export { AddressPolicy } from './network/address-policy.ts';
export { EndpointCheck, endpointCheckFor, type EndpointVerdict } from './network/endpoint-check.ts';
export { PortPolicy } from './network/port-policy.ts';
export { type Delivery, DeliverySender } from './send/delivery-sender.ts';
export { DeliveryTraces } from './trace/delivery-traces.ts';
export { Sending } from './send/sending.ts';
