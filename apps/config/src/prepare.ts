import { join } from 'node:path';

import { systemClock } from '#libs/domain';
import { EventEncoder, loadCatalogue, registryAddress } from '#libs/event-schemas';
import { createKafka, topicPlan } from '#libs/kafka';
import { kafkaAccess, packageRoot, runJob } from '#libs/runtime';
import { Store } from '#libs/store';

import { indexedBy } from './preparation/indexed.ts';
import { preparationSteps } from './preparation/preparation-steps.ts';

/** Prepares an installation before a rollout, and ends: topics, schemas and indexes, each done once, in this order. */
await runJob('prepare', async ({ environment, logger }) => {
  const catalogue = loadCatalogue(join(packageRoot(), 'schemas'));
  const registry = registryAddress(environment.SCHEMA_REGISTRY_URL);
  const store = new Store({ uri: environment.MONGODB_URI });
  const steps = preparationSteps({
    kafka: createKafka({ ...kafkaAccess(environment), clientId: 'webhook-prepare', logger }),
    plan: topicPlan(environment),
    catalogue,
    registry,
    encoder: new EventEncoder(catalogue, registry),
    indexed: indexedBy(store, systemClock, environment),
    logger,
  });
  try {
    for (const { name, run } of steps) {
      await run();
      logger.info({ step: name }, 'done');
    }
  } finally {
    await store.close();
  }
});
