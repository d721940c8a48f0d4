import { diag, DiagLogLevel, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import type { Environment } from '../environment/environment.ts';
import { packageVersion } from '../environment/package-root.ts';
import type { Logger } from '../logging/logger.ts';
import { atMostEvery } from './at-most-every.ts';

export type { Tracer } from '@opentelemetry/api';

const EXPORT_EVERY_MS = 2_000;
/** A collector that does not answer must not hold up a shutdown. */
const EXPORT_LIMIT_MS = 3_000;
const COMPLAIN_EVERY_MS = 60_000;

/** Where an app's spans are made and sent. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what has not been sent; what cannot be sent within 3 s is dropped. */
  close(): Promise<void>;
}

type TracingSettings = Pick<Environment, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER_ARG'>;

/**
 * Sends spans to a collector by OTLP over HTTP; undefined when none is set, and then tracing costs nothing. A trace that a producer began is
 * followed as it says; of the others the share of `OTEL_TRACES_SAMPLER_ARG` is traced.
 */
export function createTracing(app: string, settings: TracingSettings, logger: Logger): Tracing | undefined {
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
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
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.OTEL_TRACES_SAMPLER_ARG) }),
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
