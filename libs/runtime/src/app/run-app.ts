import { ConfigurationError, messageOf } from '#libs/domain';

import { type Environment, readEnvironment } from '../environment/environment.ts';
import { createLogger, type Logger } from '../logging/logger.ts';
import { keepTimeSteady } from '../time/steady-time.ts';
import { inlineMore } from './inlining.ts';
import { expectYoungObjects } from './young-objects.ts';

/** A running app. `close` takes no new work, finishes what it has and releases everything. */
export interface RunningApp {
  close(): Promise<void>;
}

/** What an app is given at its start. */
export interface AppStart {
  readonly environment: Environment;
  readonly logger: Logger;
  /** Ends the process with exit code 1 so that the orchestrator starts it anew. For states that cannot be mended from inside. */
  crash(reason: string, error?: unknown): void;
}

/** How much longer than the drain limit a shutdown may take before the process ends itself. */
export const CLOSE_GRACE_MS = 8_000;

/**
 * Starts an app and ties it to the process: a bad environment is one message and exit code 1; SIGTERM and SIGINT close the app
 * and end with 0, at once while it is still starting; a shutdown that hangs is cut off. `Date.now` is made steady, see
 * {@link keepTimeSteady}.
 */
export async function runApp(name: string, start: (given: AppStart) => Promise<RunningApp>): Promise<void> {
  expectYoungObjects();
  inlineMore();
  let environment: Environment;
  try {
    environment = readEnvironment(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = 1;
    return;
  }

  const logger = createLogger(name, environment.LOG_LEVEL);
  keepTimeSteady((aheadMs) =>
    logger.warn(
      { ahead_ms: aheadMs },
      'the system clock was set; this process keeps its own time until it is restarted',
    ),
  );
  const crash = (reason: string, error?: unknown): void => {
    logger.fatal({ err: error }, reason);
    process.exit(1);
  };
  process.on('unhandledRejection', (error) => crash('unhandled rejection', error));
  process.on('uncaughtException', (error) => crash('uncaught exception', error));

  let app: RunningApp | undefined;
  let closing = false;
  const close = (signal: string): void => {
    if (closing) return;
    closing = true;
    logger.info({ signal }, 'shutting down');
    if (app === undefined) process.exit(0);
    const limit = environment.DRAIN_LIMIT_MS + CLOSE_GRACE_MS;
    setTimeout(() => crash(`shutdown took longer than ${limit} ms`), limit).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => crash('shutdown failed', error),
    );
  };
  // Before the start, which may wait for others: nobody else ends the first process of a container.
  process.on('SIGTERM', close);
  process.on('SIGINT', close);

  try {
    app = await start({ environment, logger, crash });
  } catch (error) {
    if (error instanceof ConfigurationError) {
      process.stderr.write(`${name}: ${error.message}\n`);
    } else {
      logger.fatal({ err: error }, `${name} could not start: ${messageOf(error)}`);
    }
    process.exit(1);
  }
}
