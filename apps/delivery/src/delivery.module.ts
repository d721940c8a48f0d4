import { HealthModule, type MetricsRegistry, type ReadinessCheck } from '#libs/runtime';
import { type DynamicModule, Module } from '@nestjs/common';

import { EventController } from './receive/event.controller.ts';
import { EventReceiver } from './receive/event-receiver.ts';

/** The delivery app: Kafka to HTTPS, first attempts. */
@Module({})
export class DeliveryModule {
  static for(given: {
    receiver: EventReceiver;
    checks: readonly ReadinessCheck[];
    metrics: MetricsRegistry;
  }): DynamicModule {
    return {
      module: DeliveryModule,
      imports: [HealthModule.for({ checks: given.checks, metrics: given.metrics })],
      controllers: [EventController],
      providers: [{ provide: EventReceiver, useValue: given.receiver }],
    };
  }
}
