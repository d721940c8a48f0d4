import type { Tracer } from '@opentelemetry/api';

import type { Environment } from '../environment/environment.ts';
import type { Logger } from '../logging/logger.ts';

export type { Tracer } from '@opentelemetry/api';

/** Where an app's spans are made and sent. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what has not been sent; what cannot be sent within 3 s is dropped. */
  close(): Promise<void>;
}

type TracingSettings = Pick<Environment, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER_ARG'>;

/**
 * Sends spans to a collector by OTLP over HTTP; undefined when none is set, and then tracing costs nothing: what sends them is not even
 * loaded. A trace that a producer began is followed as it says; of the others the share of `OTEL_TRACES_SAMPLER_ARG` is traced.
 */
export async function createTracing(
  app: string,
  settings: TracingSettings,
  logger: Logger,
): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share } = settings;
  if (endpoint === undefined) return undefined;
  const { exportTraces } = await import('./trace-export.ts');
  return exportTraces({ app, endpoint, share, logger });
}
