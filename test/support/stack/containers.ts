import { KafkaContainer } from '@testcontainers/kafka';
import { MongoDBContainer } from '@testcontainers/mongodb';
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';

import type { TestStack } from './acquire-stack.ts';

const KAFKA_IMAGE = 'confluentinc/cp-kafka:8.1.0';
const MONGODB_IMAGE = 'mongo:8.2';
const REGISTRY_IMAGE = 'apicurio/apicurio-registry:3.0.9';
const KAFKA_PORT = 9093;
const REGISTRY_PORT = 8080;
const API = '/apis/ccompat/v7';

/** Whether a Docker engine can be used from here. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}

/** The stack in containers, which end with this process. */
export async function containerStack(report: (line: string) => void): Promise<TestStack> {
  report('starting Kafka, Apicurio Registry and MongoDB in containers');
  const [kafka, registry, mongodb] = await Promise.all([
    new KafkaContainer(KAFKA_IMAGE).withKraft().start(),
    new GenericContainer(REGISTRY_IMAGE)
      .withExposedPorts(REGISTRY_PORT)
      .withWaitStrategy(Wait.forHttp(`${API}/subjects`, REGISTRY_PORT).forStatusCode(200))
      .start(),
    new MongoDBContainer(MONGODB_IMAGE).start(),
  ]);
  return {
    kafkaBrokers: `${kafka.getHost()}:${kafka.getMappedPort(KAFKA_PORT)}`,
    schemaRegistryUrl: `http://${registry.getHost()}:${registry.getMappedPort(REGISTRY_PORT)}${API}`,
    mongodbUri: `${mongodb.getConnectionString()}?directConnection=true`,
    thrownAway: true,
    stop: async () => {
      await Promise.all([kafka.stop(), registry.stop(), mongodb.stop()]);
    },
  };
}
