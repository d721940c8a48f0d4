interface TopicPartitions {
  readonly topic: string;
  readonly partitions: number[];
}

/** The part of the client that says which partitions a fetch asks for. */
export interface Subscription {
  assigned(): TopicPartitions[];
}

const rotated = new WeakSet<Subscription>();

/**
 * A broker fills a fetch answer in the order in which partitions were asked for, until it is full, and kafkajs 2.2.4 always
 * asks in the same order: backlogs of the first partitions would starve the last ones. This begins each fetch with another
 * partition.
 */
export function rotateFetches(subscription: Subscription): void {
  if (rotated.has(subscription)) return;
  rotated.add(subscription);
  const original = subscription.assigned.bind(subscription);
  let turn = 0;
  subscription.assigned = () => {
    turn += 1;
    return startingAt(
      turn,
      original().map(({ topic, partitions }) => ({ topic, partitions: startingAt(turn, partitions) })),
    );
  };
}

function startingAt<T>(turn: number, list: readonly T[]): T[] {
  const start = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
