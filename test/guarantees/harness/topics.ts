import type { World } from '../../support/world/world.ts';

/** How many records one of the world's topics holds. */
export async function recordsOn(world: World, topic: string): Promise<number> {
  const admin = world.kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(world.prefix + topic);
    return offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  } finally {
    await admin.disconnect();
  }
}

/** How many records of one of the world's topics one of its consumer groups has not committed yet. */
export async function lagOf(world: World, group: string, topic: string): Promise<number> {
  const name = world.prefix + topic;
  const admin = world.kafka.admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(name);
    const [found] = await admin.fetchOffsets({ groupId: world.prefix + group, topics: [name] });
    const committed = new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.reduce((sum, { partition, low, high }) => {
      return sum + Number(high) - Math.max(Number(low), committed.get(partition) ?? 0);
    }, 0);
  } finally {
    await admin.disconnect();
  }
}
