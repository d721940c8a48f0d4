/** What the client asks a partitioner for. */
interface Question<Message> {
  readonly topic: string;
  readonly partitionMetadata: readonly unknown[];
  readonly message: Message;
}

/**
 * The messages of each partition, in their order. kafkajs 2.2.4 copies the list of a partition with every message that comes to it.
 *
 * @returns empty where no partition is known.
 */
export function groupByPartition<Message>(given: {
  readonly topic: string;
  readonly partitionMetadata: readonly unknown[];
  readonly messages: readonly Message[];
  readonly partitioner: (question: Question<Message>) => number;
}): Record<number, Message[]> {
  const { topic, partitionMetadata, messages, partitioner } = given;
  const groups: Record<number, Message[]> = {};
  if (partitionMetadata.length === 0) return groups;
  for (const message of messages) {
    const partition = partitioner({ topic, partitionMetadata, message });
    (groups[partition] ??= []).push(message);
  }
  return groups;
}
