import type { Catalogue, EventEncoder } from '#libs/event-schemas';
import { registerAll } from '#libs/event-schemas';
import { ensureTopics, type Kafka, type TopicPlan } from '#libs/kafka';
import type { Logger } from '#libs/runtime';

import type { Step } from './preparation.ts';

/** Something that keeps indexes in MongoDB. */
export interface Indexed {
  ensureIndexes(): Promise<void>;
}

/** What an installation needs before events can pass: topics, schemas and indexes. All of it may be done again. */
export function preparationSteps(given: {
  readonly kafka: Kafka;
  readonly plan: TopicPlan;
  readonly catalogue: Catalogue;
  readonly registry: Parameters<typeof registerAll>[1];
  readonly encoder: EventEncoder;
  readonly indexed: readonly Indexed[];
  readonly logger: Logger;
}): Step[] {
  const { kafka, plan, catalogue, registry, encoder, indexed, logger } = given;
  return [
    { name: 'topics', run: () => ensureTopics(kafka, plan, logger) },
    { name: 'schemas', run: async () => encoder.adopt(await registerAll(catalogue, registry)) },
    {
      name: 'indexes',
      run: async () => {
        for (const each of indexed) await each.ensureIndexes();
      },
    },
  ];
}
