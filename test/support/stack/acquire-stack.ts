import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startStack } from '../../../deploy/local/stack.ts';
import { containerStack, dockerAnswers } from './containers.ts';
import { DatabaseWatch } from './database-watch.ts';

/** Addresses of a Kafka, a schema registry and a MongoDB server that tests may use. */
export interface TestStack {
  readonly kafkaBrokers: string;
  readonly schemaRegistryUrl: string;
  readonly mongodbUri: string;
  /** Whether all its data goes when it stops. */
  readonly thrownAway: boolean;
  stop(): Promise<void>;
}

/** The stack that the environment names; else containers, where a Docker engine answers; else the embedded one with throw-away data. */
export async function acquireStack(report: (line: string) => void): Promise<TestStack> {
  const { KAFKA_BROKERS: kafkaBrokers, SCHEMA_REGISTRY_URL: schemaRegistryUrl, MONGODB_URI: mongodbUri } = process.env;
  if (kafkaBrokers && schemaRegistryUrl && mongodbUri) {
    return { kafkaBrokers, schemaRegistryUrl, mongodbUri, thrownAway: false, stop: async () => undefined };
  }
  if (!kafkaBrokers && !schemaRegistryUrl && !mongodbUri && (await dockerAnswers())) return containerStack(report);
  const dataDir = await mkdtemp(join(tmpdir(), 'webhook-stack-'));
  const stack = await startStack({ dataDir, env: process.env, report });
  const logFile = join(dataDir, 'logs', 'mongodb.log');
  const watch = stack.embedded.includes('mongodb')
    ? new DatabaseWatch({ part: stack.part('mongodb'), address: stack.mongodbUri, logFile, report })
    : undefined;
  watch?.start();
  return {
    kafkaBrokers: stack.kafkaBrokers,
    schemaRegistryUrl: stack.schemaRegistryUrl,
    mongodbUri: stack.mongodbUri,
    thrownAway: true,
    stop: async () => {
      await watch?.stop();
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
