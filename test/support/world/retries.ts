import { type DeliveryHistory, freshHistory, type OutgoingRecord, withHistory } from '#libs/kafka';

import { eventually } from './eventually.ts';
import type { World } from './world.ts';

/** So few that Kafka has them in time on a busy machine. */
const AT_ONCE = 1_000;

/** A delivery that waits in a retry topic. */
export interface WaitingRetry {
  /** The name of its tier. */
  readonly tier: string;
  readonly webhookId: string;
  readonly value: Buffer;
  readonly history?: Partial<DeliveryHistory>;
}

/** Puts deliveries into retry topics, in this order, as the apps would after failures that nobody has to wait for. */
export async function seedRetries(world: World, retries: readonly WaitingRetry[]): Promise<void> {
  const records = retries.map(({ tier, webhookId, value, history }, index): OutgoingRecord => {
    const origin = { topic: `${world.prefix}resource-events`, partition: 0, offset: index };
    return {
      topic: `${world.prefix}webhook-retry-${tier}`,
      key: webhookId,
      value,
      headers: withHistory({}, { ...freshHistory('send', origin), ...history }),
    };
  });
  for (let from = 0; from < records.length; from += AT_ONCE) {
    await Promise.all(records.slice(from, from + AT_ONCE).map((record) => world.producer.send(record)));
  }
}

/** Resolves once everything that was put into a tier is settled. @throws Error after `limitMs`. */
export async function tierSettled(world: World, tier: string, limitMs = 60_000): Promise<void> {
  const topic = `${world.prefix}webhook-retry-${tier}`;
  const admin = world.kafka.admin();
  await admin.connect();
  try {
    await eventually(
      async () => {
        const [committed] = await admin.fetchOffsets({ groupId: `${world.prefix}webhook-retry`, topics: [topic] });
        const ends = await admin.fetchTopicOffsets(topic);
        return ends.map(({ partition, high }) => {
          const offset = committed?.partitions.find((one) => one.partition === partition)?.offset;
          return { partition, high, offset };
        });
      },
      (partitions) => partitions.every(({ high, offset }) => high === '0' || offset === high),
      limitMs,
    );
  } finally {
    await admin.disconnect();
  }
}
