import { type ICustomPartitioner, type IHeaders, type Message, Partitioners } from 'kafkajs';

import type { OutgoingRecord } from '../record.ts';

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

/** The client's own choice (the key's murmur2 hash), made once for each message and kept in it. */
export const rememberingPartitioner: ICustomPartitioner = () => {
  const choose = Partitioners.DefaultPartitioner();
  return (args) => {
    const { message } = args;
    if (!(message instanceof PartitionedMessage)) return choose(args);
    message.chosen ??= choose(args);
    return message.chosen;
  };
};
