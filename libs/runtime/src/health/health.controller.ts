import { Controller, Get, Header, Inject } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { Registry } from 'prom-client';

import { METRICS_REGISTRY, READINESS_CHECKS, type ReadinessCheck } from './readiness.ts';

/** How long a check may take until it counts as failed. */
export const CHECK_TIMEOUT_MS = 3_000;

/** Probes and metrics: `/health/live` says the process answers, `/health/ready` that what it depends on does too. */
@Controller()
export class HealthController {
  private readonly health: HealthCheckService;
  private readonly indicators: HealthIndicatorService;
  private readonly checks: readonly ReadinessCheck[];
  private readonly registry: Registry;

  constructor(
    @Inject(HealthCheckService) health: HealthCheckService,
    @Inject(HealthIndicatorService) indicators: HealthIndicatorService,
    @Inject(READINESS_CHECKS) checks: readonly ReadinessCheck[],
    @Inject(METRICS_REGISTRY) registry: Registry,
  ) {
    this.health = health;
    this.indicators = indicators;
    this.checks = checks;
    this.registry = registry;
  }

  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @HealthCheck({ noCache: true })
  ready(): Promise<HealthCheckResult> {
    return this.health.check(
      this.checks.map(
        (dependency) => async () =>
          await this.indicators
            .check(dependency.name)
            .attempt(({ signal }) => dependency.check(signal))
            .withTimeout(CHECK_TIMEOUT_MS),
      ),
    );
  }

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
