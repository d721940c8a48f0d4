import { RollingWindow } from './rolling-window.ts';

/** How an attempt bears on its endpoint: `answered` means that the endpoint works, but refused this one event. */
export type Verdict = 'success' | 'failure' | 'answered';

/** Leave to make one attempt; its verdict goes back with it. */
export interface Permit {
  readonly generation: number;
  readonly probe: boolean;
}

type State =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half_open'; probesLeft: number; succeeded: number };

export interface BreakerSettings {
  readonly consecutiveFailures: number;
  readonly windowMs: number;
  /** The failure rate counts from this many attempts in the window on. */
  readonly windowAttempts: number;
  readonly failureRate: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Attempts made, and needed to succeed, before a half-open breaker closes. */
  readonly probes: number;
}

export const BREAKER_SETTINGS: BreakerSettings = {
  consecutiveFailures: 10,
  windowMs: 10_000,
  windowAttempts: 20,
  failureRate: 0.5,
  firstPauseMs: 5_000,
  longestPauseMs: 60_000,
  probes: 3,
};

const CLOSED: State = { kind: 'closed' };

/**
 * Says whether attempts to one webhook are worth making. It opens on consecutive failures, or when too many of the last while failed;
 * after a pause, which doubles each time, a few probes decide: one failure opens it again, success of all closes it. Verdicts of
 * attempts that began in an earlier state do not count.
 */
export class CircuitBreaker {
  private readonly settings: BreakerSettings;
  private state: State = CLOSED;
  private generation = 0;
  private consecutive = 0;
  private openings = 0;
  private window: RollingWindow | undefined;

  constructor(settings: BreakerSettings = BREAKER_SETTINGS) {
    this.settings = settings;
  }

  /** Whether {@link permit} would be refused. */
  refuses(now: number): boolean {
    if (this.state.kind === 'open') return now < this.state.until;
    return this.state.kind === 'half_open' && this.state.probesLeft === 0;
  }

  /** Leave to make an attempt at `now` (monotonic milliseconds); undefined while it is not worth making. */
  permit(now: number): Permit | undefined {
    switch (this.state.kind) {
      case 'closed':
        return { generation: this.generation, probe: false };
      case 'open':
        if (now < this.state.until) return undefined;
        this.enter({ kind: 'half_open', probesLeft: this.settings.probes, succeeded: 0 });
        return this.permit(now);
      case 'half_open':
        if (this.state.probesLeft === 0) return undefined;
        this.state.probesLeft -= 1;
        return { generation: this.generation, probe: true };
    }
  }

  /** Takes the verdict of an attempt; `unused` gives the permit back. */
  record(permit: Permit, verdict: Verdict | 'unused', now: number): void {
    if (permit.generation !== this.generation) return;
    if (this.state.kind === 'half_open') this.probed(this.state, verdict, now);
    else if (verdict !== 'unused') this.counted(verdict, now);
  }

  /** `open` also when the pause is over and nobody has asked since. */
  get phase(): State['kind'] {
    return this.state.kind;
  }

  /** Whether it knows nothing that a new breaker would not know. */
  pristine(now: number): boolean {
    if (this.state.kind !== 'closed' || this.consecutive > 0) return false;
    return this.window === undefined || this.window.counts(now).failures === 0;
  }

  private probed(state: Extract<State, { kind: 'half_open' }>, verdict: Verdict | 'unused', now: number): void {
    switch (verdict) {
      case 'unused':
        state.probesLeft += 1;
        return;
      case 'failure':
        this.open(now);
        return;
      case 'success':
      case 'answered':
        state.succeeded += 1;
        if (state.succeeded >= this.settings.probes) this.close();
    }
  }

  private counted(verdict: Verdict, now: number): void {
    if (verdict !== 'failure') {
      this.consecutive = 0;
      this.window?.record(true, now);
      return;
    }
    this.consecutive += 1;
    this.window ??= new RollingWindow(this.settings.windowMs);
    this.window.record(false, now);
    if (this.consecutive >= this.settings.consecutiveFailures || this.failsTooOften(this.window, now)) this.open(now);
  }

  private failsTooOften(window: RollingWindow, now: number): boolean {
    const { successes, failures } = window.counts(now);
    const attempts = successes + failures;
    return attempts >= this.settings.windowAttempts && failures >= attempts * this.settings.failureRate;
  }

  private open(now: number): void {
    const pause = Math.min(this.settings.firstPauseMs * 2 ** this.openings, this.settings.longestPauseMs);
    this.openings += 1;
    this.enter({ kind: 'open', until: now + pause });
  }

  private close(): void {
    this.openings = 0;
    this.consecutive = 0;
    this.window = undefined;
    this.enter(CLOSED);
  }

  private enter(state: State): void {
    this.state = state;
    this.generation += 1;
  }
}
