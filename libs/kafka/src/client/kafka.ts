import type { Kafka as KafkaClient, logCreator } from 'kafkajs';

import type { KafkaAccess, Logger } from '#libs/runtime';

import { brokerAccess } from './broker-access.ts';
import { Kafka, logLevel } from './kafkajs.ts';
import { installRequestQueueGuard } from './request-queue-guard.ts';

const CONNECTION_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Lines that the client reports as errors though they are routine, or reach the caller anyway as what it throws: every protocol error
 * of a start, a rebalance or a restart. They are worth a line at `debug` only.
 */
const ROUTINE = /^Response |rebalanc|re-joining|Limiting retries/i;

/** A Kafka client whose known hazards are guarded and whose log lines go to `logger`. */
export function createKafka(
  options: KafkaAccess & { readonly clientId: string; readonly logger: Logger },
): KafkaClient {
  installRequestQueueGuard();
  return new Kafka({
    clientId: options.clientId,
    ...brokerAccess(options),
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    // A new cluster takes seconds to make its offsets topic; until then it has no group coordinator.
    retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 10 },
    logCreator: toLogger(options.logger.child({ library: 'kafkajs' })),
  });
}

function toLogger(logger: Logger): logCreator {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _name, stack: _stack, ...details } = entry.log;
    const fields = { ...details, namespace: entry.namespace };
    if (entry.level >= logLevel.INFO || ROUTINE.test(message)) logger.debug(fields, message);
    else if (entry.level === logLevel.WARN) logger.warn(fields, message);
    else logger.error(fields, message);
  };
}
