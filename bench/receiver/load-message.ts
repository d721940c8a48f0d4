/** What the load is told over its channel. */
export interface LoadTask {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  /** Requests under way on each connection. */
  readonly depth: number;
  readonly ms: number;
}

/** What it says in the end. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly answered: number;
}
