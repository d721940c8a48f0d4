import { randomUUID } from 'node:crypto';

import { type App, startApp } from '../../deploy/local/apps.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { BareProcess } from '../bare/bare-process.ts';
import type { BareClient } from '../bare/message.ts';
import { firstPaths, type Workload } from '../data/workload.ts';
import type { Lab } from '../stack/lab.ts';
import type { Site } from '../stack/site.ts';

/** What reads the log and delivers: the product's worker, or the bare loop. */
export interface Side {
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const BARE_IN_FLIGHT = 100;

/** Workers of the product, as `npm run start:delivery` starts them; default settings. */
export async function startProduct(site: Site, workers = 1, say: (line: string) => void = warn): Promise<Side> {
  const apps: App[] = [];
  for (let worker = 0; worker < workers; worker++) {
    apps.push(await startApp({ name: 'delivery', port: await freePort(), env: site.env, onLine: say }));
  }
  return {
    pids: apps.map((app) => app.pid()),
    stop: async () => {
      await Promise.all(apps.map((app) => app.stop()));
    },
  };
}

/** The bare loop. */
export function startBare(lab: Lab, site: Site, workload: Workload, client: BareClient): Side {
  const bare = new BareProcess({
    brokers: lab.brokers,
    topic: site.plan.events.name,
    groupId: `${lab.prefix}bare-${randomUUID().slice(0, 8)}`,
    origin: lab.receiver.origin,
    paths: firstPaths(workload),
    inFlight: BARE_IN_FLIGHT,
    client,
  });
  return { pids: [bare.pid], stop: () => bare.stop() };
}

function warn(line: string): void {
  process.stderr.write(`delivery: ${line}\n`);
}
