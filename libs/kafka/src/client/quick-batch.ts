/** What a fetch brought of one partition. */
export interface FetchedPartition {
  readonly abortedTransactions?: readonly unknown[] | null;
  readonly messages: readonly FetchedMessage[];
}

interface FetchedMessage {
  readonly offset: string;
  readonly isControlRecord?: boolean;
}

/** Messages of one partition, as the client hands them on. */
export interface FetchedBatch {
  /** As the fetch brought them. */
  rawMessages: readonly FetchedMessage[];
  /** Those from the offset on that was asked for: a batch is fetched whole. */
  messagesWithinOffset: readonly FetchedMessage[];
  /** Of these, those that producers wrote. */
  messages: readonly FetchedMessage[];
}

export type BatchClass = new (topic: string, fetchedOffset: string, partition: FetchedPartition) => FetchedBatch;

/**
 * The client's batch, which compares each message's offset as a big integer: kafkajs 2.2.4 makes two for each. Where numbers hold them, numbers
 * are compared; what is left of a transaction is left to the client.
 */
export function quickBatch(Original: BatchClass): BatchClass {
  return class QuickBatch extends Original {
    constructor(topic: string, fetchedOffset: string, partition: FetchedPartition) {
      const { abortedTransactions, messages } = partition;
      const from = Number(fetchedOffset);
      const last = Number(messages.at(-1)?.offset ?? 0);
      const simple = Number.isSafeInteger(from) && Number.isSafeInteger(last) && !abortedTransactions?.length;
      super(topic, fetchedOffset, simple ? { ...partition, messages: [] } : partition);
      if (!simple) return;
      this.rawMessages = messages;
      this.messagesWithinOffset = messages.filter(({ offset }) => Number(offset) >= from);
      this.messages = this.messagesWithinOffset.filter(({ isControlRecord }) => !isControlRecord);
    }
  };
}
