export type { Kafka } from 'kafkajs';

export { AdminConnection } from './client/admin-connection.ts';
export * from './client/kafka.ts';
export type { HandleRecords, RecordContext, RecordOutcome, RecordOutcomes } from './consume/hand-over.ts';
export { KeyLanes } from './consume/key-lanes.ts';
export { OrderedConsumer, type OrderedConsumerOptions } from './consume/ordered-consumer.ts';
export * from './derived/attempt-log.ts';
export * from './derived/delivery-settlement.ts';
export * from './derived/derived-headers.ts';
export * from './derived/derived-records.ts';
export * from './derived/durable-writer.ts';
export * from './produce/record-producer.ts';
export * from './record.ts';
export * from './topics/control-record.ts';
export * from './topics/ensure-topics.ts';
export * from './topics/record-remover.ts';
export * from './topics/topic-plan.ts';
export * from './transport/ordered-kafka-server.ts';
