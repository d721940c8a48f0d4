import { takeStack } from './running-stack.ts';

/** Stops what the set-up started. */
export default async function teardown(): Promise<void> {
  await takeStack()?.stop();
}
