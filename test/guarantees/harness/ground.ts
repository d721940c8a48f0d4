import { createLogger } from '#libs/runtime';

import { EventValues } from '../../../bench/data/event-values.ts';
import { uuidOf, type Workload } from '../../../bench/data/workload.ts';
import { pathOf, type Target } from '../../../bench/receiver/target.ts';
import type { App, AppName } from '../../../deploy/local/apps.ts';
import { type TestCustomer, World } from '../../support/world/world.ts';
import { type Books, booksOf } from './books.ts';
import { Endpoints } from './endpoints/endpoints.ts';
import type { Receipts } from './endpoints/messages.ts';
import { Load } from './load.ts';
import { Seeded } from './seeded.ts';

const CUSTOMERS = 12;
const RESOURCES = 10;
const EVENT_TYPE = 'call_updated';
export const EVENTS_PER_SECOND = 1_000;
/** Of the events' ids. */
export const SERIES = 1;
/** Longer than the longest time for which a healthy system delivers nothing: a dead member's session, and its partitions' way. */
const STALL_MS = 45_000;
/** A second answer to an event that was taken for delivered comes within this time, if it comes. */
const AFTERMATH_MS = 1_500;

/** What a test wants to work with. */
export interface GroundPlan {
  /** Besides config; a name for each process. */
  readonly apps: readonly Exclude<AppName, 'config'>[];
  readonly settings?: NodeJS.ProcessEnv;
  /** Events; as many as the guarantees speak of where it is left out. */
  readonly perSecond?: number;
}

/** Workers as processes, endpoints that keep books, and a steady load of numbered events for twelve customers. */
export class Ground {
  readonly world: World;
  readonly endpoints: Endpoints;
  readonly seeded: Seeded;
  readonly customers: readonly TestCustomer[];
  readonly workload: Workload;
  readonly load: Load;

  private constructor(given: {
    world: World;
    endpoints: Endpoints;
    seeded: Seeded;
    customers: readonly TestCustomer[];
    workload: Workload;
    load: Load;
  }) {
    this.world = given.world;
    this.endpoints = given.endpoints;
    this.seeded = given.seeded;
    this.customers = given.customers;
    this.workload = given.workload;
    this.load = given.load;
  }

  /** Starts everything but the load; prints the seed. */
  static async open({ apps, settings = {}, perSecond = EVENTS_PER_SECOND }: GroundPlan): Promise<Ground> {
    const seeded = Seeded.ofRun();
    process.stderr.write(`seed ${seeded.seed} (repeat with GUARANTEES_SEED=${seeded.seed})\n`);
    const endpoints = await Endpoints.start();
    const world = await World.open({ ALLOW_HTTP_ENDPOINTS: 'true', TOPIC_PARTITIONS: '12', ...settings }, ['config']);
    const customers: TestCustomer[] = [];
    for (let index = 0; index < CUSTOMERS; index += 1) {
      const customer = await world.customer(`customer ${index}`);
      await customer.webhookAt(endpoints.origin + pathOf(targetOf(index)), [EVENT_TYPE]);
      customers.push(customer);
    }
    const started = await Promise.all(apps.map((name) => world.start(name)));
    await Promise.all(started.map((app) => app.ready()));
    const workload = workloadOf(customers);
    const values = await EventValues.of(workload, world.catalogue, world.encoder);
    const load = await Load.open({
      kafka: world.kafka,
      topic: `${world.prefix}resource-events`,
      records: values.series(SERIES),
      perSecond,
    });
    return new Ground({ world, endpoints, seeded, customers, workload, load });
  }

  /** The running workers of an app. */
  workers(name: AppName): readonly App[] {
    return this.world.running(name);
  }

  /** Starts the load; resolves when the first events have arrived. */
  async begin(): Promise<void> {
    this.load.start();
    await this.endpoints.until(EVENTS_PER_SECOND, STALL_MS);
  }

  /** Ends the load, waits until everything has arrived or nothing arrives any more, and balances the books. */
  async settle(limitMs = 180_000): Promise<{ books: Books; receipts: Receipts }> {
    const produced = await this.load.stop();
    const deadline = performance.now() + limitMs;
    let balance = await this.balance(produced);
    while (balance.books.lost > 0 && performance.now() < deadline && this.endpoints.quietMs < STALL_MS) {
      await this.endpoints.progress(1_000);
      if (this.endpoints.answered >= produced) balance = await this.balance(produced);
    }
    await this.endpoints.progress(AFTERMATH_MS);
    return this.balance(produced);
  }

  async close(): Promise<void> {
    await this.load.close().catch((error: unknown) => createLogger('guarantees', 'warn').warn({ err: error }, 'load'));
    await this.world.close();
    await this.endpoints.stop();
  }

  private async balance(produced: number): Promise<{ books: Books; receipts: Receipts }> {
    const receipts = await this.endpoints.receipts();
    return { books: booksOf(this.workload, produced, receipts), receipts };
  }
}

function targetOf(endpoint: number): Target {
  return { endpoint, behaviour: { kind: 'answer' } };
}

/** Every customer's first resource, then every customer's second, and so on. */
function workloadOf(customers: readonly TestCustomer[]): Workload {
  const routes = Array.from({ length: CUSTOMERS * RESOURCES }, (_, at) => {
    const endpoint = at % CUSTOMERS;
    return {
      customerId: customers[endpoint]?.id ?? '',
      resourceId: uuidOf(`resource ${at}`),
      eventType: EVENT_TYPE,
      targets: [targetOf(endpoint)],
    };
  });
  return { webhooks: [], routes };
}
