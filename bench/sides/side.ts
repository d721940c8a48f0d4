/** What reads the log and delivers, as one or more processes: the product's worker, or the bare loop. */
export interface Side {
  readonly pids: readonly number[];
  /** Resolves when it is a member of its consumer group. @throws Error when it ended before */
  ready(): Promise<void>;
  /** Resolves when a process of it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** What it said last; empty when it said nothing. */
  said(): readonly string[];
  /** Lets its processes stand still, or go on: what is done meanwhile takes nothing from them. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>;
}
