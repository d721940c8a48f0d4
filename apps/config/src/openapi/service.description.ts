import { HealthController } from '#libs/runtime';
import { z } from 'zod';

import type { Description } from './describes.ts';

const live: Description = {
  operationId: 'getLive',
  tag: 'service',
  summary: 'Does the process answer?',
  description: 'For liveness probes.',
  answer: {
    description: 'It does.',
    schema: z.object({ status: z.literal('ok').meta({ description: 'Always.' }) }).meta({ id: 'Live' }),
  },
};

const dependency = z.object({ status: z.enum(['up', 'down']) }).catchall(z.unknown());
const dependencies = z
  .record(z.string(), dependency)
  .meta({ description: 'What the service depends on, by name.', examples: [{ mongodb: { status: 'up' } }] });
const readiness = z
  .object({
    status: z.enum(['ok', 'error', 'shutting_down']).meta({ description: '`ok` when all of it works.' }),
    info: dependencies.optional(),
    error: dependencies.optional(),
    details: dependencies,
  })
  .meta({ id: 'Readiness' });

const ready: Description = {
  operationId: 'getReady',
  tag: 'service',
  summary: 'Does everything answer that it needs?',
  description: 'For readiness probes. Names what does not.',
  answer: { description: 'All of it does.', schema: readiness },
  otherAnswer: { status: 503, description: 'Something does not; `error` says what.', schema: readiness },
};

const metrics: Description = {
  operationId: 'getMetrics',
  tag: 'service',
  summary: 'Metrics',
  description: 'In the text format of Prometheus.',
  answer: {
    description: 'All metrics of this process.',
    schema: z.string().meta({ examples: ['process_cpu_seconds_total 1.5\n'] }),
  },
};

/** Descriptions of the calls that every app has, whose controller knows nothing of this API. */
export const SERVICE_CALLS: ReadonlyMap<unknown, Description> = new Map<unknown, Description>([
  [HealthController.prototype.live, live],
  [HealthController.prototype.ready, ready],
  [HealthController.prototype.metrics, metrics],
]);
