import type { ICustomPartitioner, IHeaders, Message } from 'kafkajs';

import { Partitioners } from '../client/kafkajs.ts';
import type { OutgoingRecord } from '../record.ts';
import { partitionOf } from './murmur2.ts';

/** A record as the client takes it; it remembers the partition that was chosen for it. */
export class PartitionedMessage implements Message {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  chosen: number | undefined;

  constructor({ key, value, headers, partition }: OutgoingRecord) {
    this.key = key;
    this.value = value;
    this.headers = headers ?? {};
    this.chosen = partition;
  }
}

/** The partition of the key's murmur2 hash, as the client itself would choose; chosen once for each message and kept in it. */
export const rememberingPartitioner: ICustomPartitioner = () => {
  const choose = Partitioners.DefaultPartitioner();
  return (args) => {
    const { message, partitionMetadata } = args;
    if (!(message instanceof PartitionedMessage)) return choose(args);
    message.chosen ??= message.key === null ? choose(args) : partitionOf(message.key, partitionMetadata.length);
    return message.chosen;
  };
};
