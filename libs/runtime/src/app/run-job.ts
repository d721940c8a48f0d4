import { constants } from 'node:os';

import { ConfigurationError, messageOf } from '#libs/domain';

import { type Environment, readEnvironment } from '../environment/environment.ts';
import { createLogger, type Logger } from '../logging/logger.ts';

/**
 * Runs a program that does its work and ends: with 0 when it is done, with 1 and one message when it is not, and at once when it is told
 * to by SIGTERM or SIGINT, as a shell counts them: 128 and the number of the signal.
 */
export async function runJob(
  name: string,
  work: (given: { readonly environment: Environment; readonly logger: Logger }) => Promise<void>,
): Promise<void> {
  // Nobody else ends the first process of a container.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  try {
    const environment = readEnvironment(process.env);
    const logger = createLogger(name, environment.LOG_LEVEL);
    try {
      await work({ environment, logger });
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      logger.fatal({ err: error }, `${name} failed: ${messageOf(error)}`);
      process.exit(1);
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exit(1);
  }
  process.exit(0);
}
