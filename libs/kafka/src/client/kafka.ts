import { Kafka, type logCreator, logLevel } from 'kafkajs';

import type { Logger } from '#libs/runtime';

import { installRequestQueueGuard } from './request-queue-guard.ts';

const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** The client's lines that report a routine rebalance or restart as an error; they are worth a line at `debug` only. */
const ROUTINE =
  /rebalanc|re-joining|not the coordinator|Response (Heartbeat|JoinGroup|SyncGroup|OffsetCommit|LeaveGroup)/i;

/** A Kafka client whose known hazards are guarded and whose log lines go to `logger`. */
export function createKafka(options: { brokers: readonly string[]; clientId: string; logger: Logger }): Kafka {
  installRequestQueueGuard();
  return new Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    logCreator: toLogger(options.logger.child({ library: 'kafkajs' })),
  });
}

function toLogger(logger: Logger): logCreator {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _name, stack: _stack, ...details } = entry.log;
    const fields = { ...details, namespace: entry.namespace };
    if (entry.level >= logLevel.INFO || ROUTINE.test(message + String(details['error'] ?? '')))
      logger.debug(fields, message);
    else if (entry.level === logLevel.WARN) logger.warn(fields, message);
    else logger.error(fields, message);
  };
}
