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
