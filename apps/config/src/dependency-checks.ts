import type { AdminConnection, TopicPlan } from '#libs/kafka';
import type { ReadinessCheck } from '#libs/runtime';
import type { Store } from '#libs/store';

const SILENT = 'does not answer';

/** Whether MongoDB and Kafka answer now. Anybody can read the probe, so it names neither addresses nor their own messages. */
export function dependencyChecks(store: Store, admin: AdminConnection, plan: TopicPlan): ReadinessCheck[] {
  return [
    { name: 'mongodb', check: (signal) => answered(store.ping(signal)) },
    {
      name: 'kafka',
      check: async () => {
        await answered(admin.partitionCount(plan.events.name));
      },
    },
  ];
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new Error(SILENT, { cause: error });
  }
}
