export * from './behaviour.ts';
export { Receiver, type ReceivedRequest, type ReceiverOptions, startReceiver } from './receiver.ts';
