import { dueAt } from '#libs/domain';
import type { KafkaRecord, TopicPlan } from '#libs/kafka';

const SPREAD_STEPS = 1_000;
const GOLDEN_RATIO = 0.618_033_988_749_895;

/** When a record of a retry topic is due; its jitter follows from its offset, so that it is the same at every look. */
export function recordDueAt(plan: TopicPlan, record: KafkaRecord): number {
  const tier = plan.tierOf(record.topic);
  return tier ? dueAt(record.timestamp, tier, spreadOf(record)) : record.timestamp;
}

/** Successive offsets land far apart in [0, 1), so that failures of the same moment do not return at the same moment. */
function spreadOf({ partition, offset }: KafkaRecord): number {
  const turn = (offset + partition * SPREAD_STEPS) * GOLDEN_RATIO;
  return turn - Math.floor(turn);
}
