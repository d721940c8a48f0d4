import type { World } from './world.ts';

type Admin = ReturnType<World['kafka']['admin']>;

/** How many records one of the world's topics holds. */
export function recordsOn(world: World, topic: string): Promise<number> {
  return withAdmin(world, async (admin) => {
    const offsets = await admin.fetchTopicOffsets(world.prefix + topic);
    return offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  });
}

/** How many records one of the world's consumer groups has not committed yet, on those of its topics whose names begin so. */
export function lagOf(world: World, group: string, ...stems: readonly string[]): Promise<number> {
  return withAdmin(world, async (admin) => {
    const names = await admin.listTopics();
    const topics = names.filter((name) => stems.some((stem) => name.startsWith(world.prefix + stem)));
    const commits = await admin.fetchOffsets({ groupId: world.prefix + group, topics });
    let lag = 0;
    for (const { topic, partitions } of commits) {
      const committed = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        lag += Number(high) - Math.max(Number(low), committed.get(partition) ?? 0);
      }
    }
    return lag;
  });
}

async function withAdmin<T>({ kafka }: World, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}
