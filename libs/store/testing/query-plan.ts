import { z } from 'zod';

const EMBEDDED = 'secantus';

const stage = z.object({
  stage: z.string().optional(),
  keyPattern: z.record(z.string(), z.unknown()).optional(),
  filter: z.unknown().optional(),
  get queryPlan() {
    return stage.optional();
  },
  get inputStage() {
    return stage.optional();
  },
});

type Stage = z.output<typeof stage>;

const answer = z.object({
  queryPlanner: z.object({ winningPlan: stage }),
  executionStats: z.object({ totalDocsExamined: z.number() }),
  serverInfo: z.object({ host: z.string() }),
});

/** What a server says about how it answers a query. */
export interface QueryPlan {
  /** The fields of the index, in its order; undefined when the collection is scanned. */
  readonly index: readonly string[] | undefined;
  /** Conditions that the index does not answer. */
  readonly residual: readonly string[];
  /** Documents looked at and whether they were sorted in memory; undefined where the server does not count them. */
  readonly measured: { readonly examined: number; readonly sorted: boolean } | undefined;
}

/**
 * Reads the answer to `explain('executionStats')`. MongoDB counts what it looked at. The embedded server reports as many as match the
 * whole filter, whatever the limit, and sorts after reading; of it only the choice of the index and the residual filter are telling.
 */
export function planOf(explained: unknown): QueryPlan {
  const { queryPlanner, executionStats, serverInfo } = answer.parse(explained);
  const stages = stagesOf(queryPlanner.winningPlan);
  const scan = stages.find(({ keyPattern }) => keyPattern !== undefined);
  const fetch = stages.find(({ stage }) => stage === 'FETCH');
  return {
    index: scan && Object.keys(scan.keyPattern ?? {}),
    residual: JSON.stringify(fetch?.filter ?? {}).match(/"[a-z_]+"(?=:)/g) ?? [],
    measured:
      serverInfo.host === EMBEDDED
        ? undefined
        : { examined: executionStats.totalDocsExamined, sorted: stages.some(({ stage }) => stage === 'SORT') },
  };
}

function stagesOf(plan: Stage | undefined): Stage[] {
  return plan ? [plan, ...stagesOf(plan.queryPlan), ...stagesOf(plan.inputStage)] : [];
}
