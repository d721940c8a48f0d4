import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { packageVersion } from '../environment/package-root.ts';
import type { Logger } from '../logging/logger.ts';
import { atMostEvery } from './at-most-every.ts';
import type { Tracing } from './tracing.ts';

const EXPORT_EVERY_MS = 2_000;
/** A collector that does not answer must not hold up a shutdown. */
const EXPORT_LIMIT_MS = 3_000;
const COMPLAIN_EVERY_MS = 60_000;

/**
 * Sends spans to a collector by OTLP over HTTP. A trace that a producer began is followed as it says.
 *
 * @param given.share of the other traces, 0 to 1
 */
export function exportTraces(given: {
  readonly app: string;
  readonly endpoint: string;
  readonly share: number;
  readonly logger: Logger;
}): Tracing {
  const { app, endpoint, share, logger } = given;
  const complain = atMostEvery(
    COMPLAIN_EVERY_MS,
    () => performance.now(),
    (message: string) => logger.warn(`traces are not sent to ${endpoint}: ${message}`),
  );
  const quiet = (): void => undefined;
  const told = { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(told, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_LIMIT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `webhook-${app}`, 'service.version': packageVersion() }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: EXPORT_EVERY_MS,
        exportTimeoutMillis: EXPORT_LIMIT_MS,
      }),
    ],
  });
  return {
    tracer: provider.getTracer('kafka-webhooks', packageVersion()),
    close: () => provider.shutdown().catch((error: unknown) => complain(String(error))),
  };
}
