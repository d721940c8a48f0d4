import { HealthModule, type MetricsRegistry, type ReadinessCheck } from '#libs/runtime';
import { type DynamicModule, Module } from '@nestjs/common';

import { LedgerController } from './receive/ledger.controller.ts';
import { LedgerReceiver } from './receive/ledger-receiver.ts';

/** The ledger app: what happened, from Kafka to MongoDB. */
@Module({})
export class LedgerModule {
  static for(given: {
    receiver: LedgerReceiver;
    checks: readonly ReadinessCheck[];
    metrics: MetricsRegistry;
  }): DynamicModule {
    return {
      module: LedgerModule,
      imports: [HealthModule.for({ checks: given.checks, metrics: given.metrics })],
      controllers: [LedgerController],
      providers: [{ provide: LedgerReceiver, useValue: given.receiver }],
    };
  }
}
