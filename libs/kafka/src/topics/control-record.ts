import { headerText, type KafkaRecord, type OutgoingRecord } from '../record.ts';

const HEADER = 'control';
const WEBHOOKS_CHANGED = 'webhooks-changed';

/** The record that tells the owner of `partition` to forget what it knows of a customer's webhooks. */
export function controlRecord(customerId: string, topic: string, partition: number): OutgoingRecord {
  return { topic, partition, key: customerId, value: null, headers: { [HEADER]: WEBHOOKS_CHANGED } };
}

/** Whether a record says that its customer's webhooks changed. */
export function isControlRecord(record: KafkaRecord): boolean {
  return record.value === null && headerText(record.headers, HEADER) === WEBHOOKS_CHANGED;
}
