import { HealthModule, type MetricsRegistry, type ReadinessCheck } from '#libs/runtime';
import { type DynamicModule, Module } from '@nestjs/common';

import { RetryController } from './receive/retry.controller.ts';
import { RetryReceiver } from './receive/retry-receiver.ts';

/** The retry app: retry topics to HTTPS, later attempts. */
@Module({})
export class RetryModule {
  static for(given: {
    receiver: RetryReceiver;
    checks: readonly ReadinessCheck[];
    metrics: MetricsRegistry;
  }): DynamicModule {
    return {
      module: RetryModule,
      imports: [HealthModule.for({ checks: given.checks, metrics: given.metrics })],
      controllers: [RetryController],
      providers: [{ provide: RetryReceiver, useValue: given.receiver }],
    };
  }
}
