import type { FullSpan, Pressure } from '#libs/domain';
import type { KafkaMessage } from 'kafkajs';

import type { OwnedPartition } from './owned-partition.ts';

/** A partition from which nothing is taken, because a bound is full, and the records that wait there. */
interface Blocked {
  readonly messages: readonly Pick<KafkaMessage, 'key'>[];
  readonly from: number;
  readonly spanOf: OwnedPartition | undefined;
}

const LOOK_AHEAD = 500;

/** Knows which partitions wait for room, and for whom. */
export class Intake {
  private readonly unsettledSpan: number;
  private readonly blocked = new Map<string, Blocked>();

  /** @param unsettledSpan the bound on a partition's span of unsettled offsets. */
  constructor(unsettledSpan: number) {
    this.unsettledSpan = unsettledSpan;
  }

  /** Notes that a partition waits. @param from the first message of the batch that was not taken. */
  block(
    partition: OwnedPartition,
    bound: 'bytes' | 'span',
    messages: readonly Pick<KafkaMessage, 'key'>[],
    from: number,
  ): void {
    this.blocked.set(partition.name, { messages, from, spanOf: bound === 'span' ? partition : undefined });
  }

  unblock(partition: OwnedPartition): void {
    this.blocked.delete(partition.name);
  }

  clear(): void {
    this.blocked.clear();
  }

  /** Undefined while nothing waits. */
  pressure(): Pressure | undefined {
    if (this.blocked.size === 0) return undefined;
    const all = [...this.blocked.values()];
    return {
      bytesFull: all.some(({ spanOf }) => spanOf === undefined),
      fullSpans: all.flatMap(({ spanOf }) => (spanOf ? [this.fullSpan(spanOf)] : [])),
      othersWait: (key) => all.some((blocked) => hasOtherKey(blocked, Buffer.from(key))),
    };
  }

  private fullSpan({ topic, partition, tracker }: OwnedPartition): FullSpan {
    return { topic, partition, shareFrom: (tracker.end ?? 0) - Math.floor(this.unsettledSpan / 4) };
  }
}

function hasOtherKey({ messages, from }: Blocked, key: Buffer): boolean {
  const end = Math.min(messages.length, from + LOOK_AHEAD);
  for (let index = from; index < end; index += 1) {
    const other = messages[index]?.key;
    if (!other || !key.equals(other)) return true;
  }
  return false;
}
