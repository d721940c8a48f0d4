import type { BenchOptions, ScenarioName } from '../options.ts';
import { fanOut, manyWebhooks, slowCustomers, slowEndpoints } from '../data/workloads.ts';
import type { PlannedWebhook, Workload } from '../data/workload.ts';
import type { BenchResult } from '../report/result.ts';
import type { Lab } from '../stack/lab.ts';
import { backlog, BACKLOG_MS } from './backlog.ts';
import type { Context } from './context.ts';
import { fanout } from './fanout.ts';
import { isolation, isolationSeeds } from './isolation.ts';
import { scaling } from './scaling.ts';
import { slow, SLOW_MS } from './slow.ts';
import { throughput } from './throughput.ts';

type Figures = Pick<BenchResult, ScenarioName>;

/** How many steps the reporter will be told of. */
export function countSteps({ only, rounds }: BenchOptions): number {
  const steps: Record<ScenarioName, number> = {
    throughput: 3 + 2 * rounds + Math.ceil(rounds / 2),
    fanout: 1 + 2 * Math.min(2, rounds),
    slow: 1 + 2 * Math.min(2, rounds),
    isolation: 7 * (1 + rounds),
    scaling: 2 * Math.min(2, rounds),
    backlog: 2,
  };
  return 2 + only.reduce((sum, name) => sum + steps[name], 0);
}

const BACKLOG_CUSTOMERS = 1_000;
const BACKLOG_RESOURCES = 2;
const SMALL_EVENT = 'chat_updated';

/** The scenarios that were asked for, with the webhooks they need and the order in which they run. */
export class Scenarios {
  private readonly only: readonly ScenarioName[];
  private readonly eventTypes: readonly string[];
  private readonly many: Workload;
  private readonly fanout: Workload;
  private readonly slow: Workload;
  private readonly backlog: Workload;

  constructor(lab: Lab, only: readonly ScenarioName[]) {
    this.only = only;
    this.eventTypes = lab.eventTypes();
    this.many = manyWebhooks(this.eventTypes);
    this.fanout = fanOut(this.eventType);
    this.slow = slowEndpoints(this.eventTypes, SLOW_MS);
    this.backlog = slowCustomers(SMALL_EVENT, {
      customers: BACKLOG_CUSTOMERS,
      resources: BACKLOG_RESOURCES,
      ms: BACKLOG_MS,
    });
  }

  /** 10,000 webhooks are there in any case; the others as they are needed. */
  webhooks(): PlannedWebhook[] {
    const workloads: Record<ScenarioName, readonly Workload[]> = {
      throughput: [],
      scaling: [],
      fanout: [this.fanout],
      slow: [this.slow],
      isolation: isolationSeeds(this.eventType),
      backlog: [this.backlog],
    };
    const needed = [this.many, ...this.only.flatMap((name) => workloads[name])];
    const byEndpoint = new Map(
      needed.flatMap(({ webhooks }) => webhooks).map((webhook) => [webhook.target.endpoint, webhook]),
    );
    return [...byEndpoint.values()];
  }

  async run(context: Context): Promise<Figures> {
    const wanted = (name: ScenarioName): boolean => this.only.includes(name);
    return {
      ...(wanted('throughput') ? { throughput: await throughput(context, this.many) } : {}),
      ...(wanted('fanout') ? { fanout: await fanout(context, this.fanout) } : {}),
      ...(wanted('slow') ? { slow: await slow(context, this.slow) } : {}),
      ...(wanted('scaling') ? { scaling: await scaling(context, this.many) } : {}),
      ...(wanted('backlog') ? { backlog: await backlog(context, this.backlog) } : {}),
      ...(wanted('isolation') ? { isolation: await isolation(context, this.eventType) } : {}),
    };
  }

  private get eventType(): string {
    return this.eventTypes[0] ?? '';
  }
}
