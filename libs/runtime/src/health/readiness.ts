/** One thing that has to work before the app takes work. */
export interface ReadinessCheck {
  readonly name: string;
  /** Resolves when it works; rejects with the reason when it does not. */
  check(signal: AbortSignal): Promise<void>;
}

/** Injection token: `ReadinessCheck[]`. */
export const READINESS_CHECKS = Symbol('READINESS_CHECKS');
/** Injection token: the prom-client registry. */
export const METRICS_REGISTRY = Symbol('METRICS_REGISTRY');
