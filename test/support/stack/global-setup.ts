import { build } from '../../../deploy/local/build.ts';
import { acquireStack } from './acquire-stack.ts';
import { keepStack } from './running-stack.ts';

/** Brings up the stack and builds the apps, side by side; tests find the addresses in the environment. */
export default async function setup(): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const [stack] = await Promise.all([acquireStack(say), build()]);
  keepStack(stack);
  process.env['KAFKA_BROKERS'] = stack.kafkaBrokers;
  process.env['SCHEMA_REGISTRY_URL'] = stack.schemaRegistryUrl;
  process.env['MONGODB_URI'] = stack.mongodbUri;
  if (stack.thrownAway) process.env['TEST_DATA_IS_THROWN_AWAY'] = 'true';
}
