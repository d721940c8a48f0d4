import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { Registry } from 'prom-client';

import { HealthController } from './health.controller.ts';
import { METRICS_REGISTRY, READINESS_CHECKS, type ReadinessCheck } from './readiness.ts';

/** `/health/live`, `/health/ready` and `/metrics` for one app. */
@Module({})
export class HealthModule {
  /** @param options what has to work before the app is ready, and the metrics to show. */
  static for(options: { checks: readonly ReadinessCheck[]; metrics: Registry }): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        { provide: READINESS_CHECKS, useValue: options.checks },
        { provide: METRICS_REGISTRY, useValue: options.metrics },
      ],
    };
  }
}
