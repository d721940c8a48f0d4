import { addressVariables, type Stack } from './stack.ts';

/**
 * The environment of apps on a stack: its addresses, and one replica where Kafka is the embedded one; what `given` sets itself stays.
 */
export function appEnvironment(stack: Stack, given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const embeddedKafka = (given[addressVariables.kafka] ?? '') === '';
  return {
    ...(embeddedKafka ? { TOPIC_REPLICATION: '1', TOPIC_MIN_INSYNC_REPLICAS: '1' } : {}),
    ...given,
    KAFKA_BROKERS: stack.kafkaBrokers,
    SCHEMA_REGISTRY_URL: stack.schemaRegistryUrl,
    MONGODB_URI: stack.mongodbUri,
  };
}
