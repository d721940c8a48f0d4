import { createLogger } from '#libs/runtime';

import { EventValues } from '../../../bench/data/event-values.ts';
import { uuidOf, type Workload } from '../../../bench/data/workload.ts';
import { pathOf, type Target } from '../../../bench/receiver/target.ts';
import type { App, AppName } from '../../../deploy/local/apps.ts';
import type { PartName, RunningPart } from '../../../deploy/local/stack.ts';
import { recordsOn } from '../../support/world/topics.ts';
import { type TestCustomer, World } from '../../support/world/world.ts';
import { type Books, booksOf, receiptsFrom } from './books.ts';
import { Endpoints } from './endpoints/endpoints.ts';
import type { Receipts } from './endpoints/messages.ts';
import { fullOrShort } from './length.ts';
import { Load } from './load.ts';
import { OwnParts } from './own-parts.ts';
import { Seeded } from './seeded.ts';

const CUSTOMERS = 12;
const RESOURCES = 10;
const EVENT_TYPE = 'call_updated';
/** The short version shares the machine with a second test file. */
export const EVENTS_PER_SECOND = fullOrShort(1_000, 400);
/** Of the events' ids. */
export const SERIES = 1;
/**
 * Longer than the longest time for which a healthy system delivers nothing: a dead member's session, its partitions' way, and the tier in
 * which the last event waits.
 */
const STALL_MS = 90_000;
/** A second answer to an event that was taken for delivered comes within this time, if it comes. */
const AFTERMATH_MS = 1_500;
/** What never leaves these topics is counted from the beginning of a period. */
const COUNTED = ['webhook-dead-letters', 'rejected-events'] as const;
type Counted = (typeof COUNTED)[number];

/** What a test wants to work with. */
export interface GroundPlan {
  /** Besides config; a name for each process. */
  readonly apps: readonly Exclude<AppName, 'config'>[];
  readonly settings?: NodeJS.ProcessEnv;
  /** Events; as many as the guarantees speak of where it is left out. */
  readonly perSecond?: number;
  /** Parts of the stack that are broken, and so run for this ground alone. */
  readonly parts?: readonly PartName[];
  /** Whether the broker of its own has a disk that can be filled. */
  readonly smallDisk?: boolean;
  /** Whether other faults may not come before or after it on the same ground. */
  readonly apart?: true;
}

/** How a period ended. */
export interface Settled {
  readonly books: Books;
  readonly receipts: Receipts;
}

/** Where a period began. */
interface Beginning {
  readonly produced: number;
  readonly answered: number;
  readonly records: ReadonlyMap<Counted, number>;
}

/**
 * Workers as processes, endpoints that keep books, and a steady load of numbered events for twelve customers. What it counts, it counts
 * from the beginning of the period on, so that one fault can follow another.
 */
export class Ground {
  readonly world: World;
  readonly endpoints: Endpoints;
  readonly seeded: Seeded;
  readonly customers: readonly TestCustomer[];
  readonly workload: Workload;
  readonly load: Load;
  private readonly own: OwnParts | undefined;
  private readonly perSecond: number;
  private beginning: Beginning = { produced: 0, answered: 0, records: new Map() };

  private constructor(given: {
    own: OwnParts | undefined;
    perSecond: number;
    world: World;
    endpoints: Endpoints;
    seeded: Seeded;
    customers: readonly TestCustomer[];
    workload: Workload;
    load: Load;
  }) {
    this.own = given.own;
    this.perSecond = given.perSecond;
    this.world = given.world;
    this.endpoints = given.endpoints;
    this.seeded = given.seeded;
    this.customers = given.customers;
    this.workload = given.workload;
    this.load = given.load;
  }

  /** Starts everything but the load; prints the seed. */
  static async open(plan: GroundPlan): Promise<Ground> {
    const { apps, parts = [], smallDisk = false, settings = {}, perSecond = EVENTS_PER_SECOND } = plan;
    const seeded = Seeded.ofRun();
    process.stderr.write(`seed ${seeded.seed} (repeat with GUARANTEES_SEED=${seeded.seed})\n`);
    const own = parts.length > 0 ? await OwnParts.start(parts, { smallDisk }) : undefined;
    const endpoints = await Endpoints.start();
    const world = await World.open(
      { ALLOW_HTTP_ENDPOINTS: 'true', TOPIC_PARTITIONS: '12', ...settings, ...own?.settings },
      ['config'],
    );
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
    return new Ground({ own, perSecond, world, endpoints, seeded, customers, workload, load });
  }

  /** A part of the stack that the plan asked for. @throws Error for any other */
  part(name: PartName): RunningPart {
    if (!this.own) throw new Error(`${name} does not run for this ground alone`);
    return this.own.part(name);
  }

  /** The folder that holds the broker's small disk. @throws Error when the plan did not ask for one */
  get disk(): string {
    if (this.own?.disk === undefined) throw new Error('the broker of this ground has no disk of its own');
    return this.own.disk.folder;
  }

  /** The running workers of an app. */
  workers(name: AppName): readonly App[] {
    return this.world.running(name);
  }

  /** What came before counts no more. The load has to rest. */
  async beginPeriod(): Promise<void> {
    const counts = COUNTED.map(async (topic) => [topic, await recordsOn(this.world, topic)] as const);
    const records = new Map(await Promise.all(counts));
    this.beginning = { produced: this.load.produced, answered: this.endpoints.answered, records };
  }

  /** Starts the load; resolves when what it brings in a second has arrived. */
  async begin(): Promise<void> {
    this.load.start();
    await this.answers(this.perSecond);
  }

  /** Resolves when so many requests of this period were answered. @throws Error after `limitMs` */
  async answers(count: number, limitMs = STALL_MS): Promise<void> {
    await this.endpoints.until(this.beginning.answered + count, limitMs);
  }

  /** Resolves when what the load brings in a second has arrived from now on. @throws Error after `limitMs` */
  async goesOn(limitMs = 120_000): Promise<void> {
    await this.endpoints.until(this.endpoints.answered + this.perSecond, limitMs);
  }

  /** Records that a topic which keeps all of them got in this period. */
  async recordsOn(topic: Counted): Promise<number> {
    return (await recordsOn(this.world, topic)) - (this.beginning.records.get(topic) ?? 0);
  }

  /** Ends the load, waits until everything has arrived or nothing arrives any more, and balances the books. */
  async settle(limitMs = 180_000): Promise<Settled> {
    const end = await this.load.stop();
    const deadline = performance.now() + limitMs;
    const owed = this.beginning.answered + end - this.beginning.produced;
    let settled = await this.balance(end);
    while (settled.books.lost > 0 && performance.now() < deadline && this.endpoints.quietMs < STALL_MS) {
      await this.endpoints.progress(1_000);
      if (this.endpoints.answered >= owed) settled = await this.balance(end);
    }
    await this.endpoints.progress(AFTERMATH_MS);
    return this.balance(end);
  }

  async close(): Promise<void> {
    await this.load.close().catch((error: unknown) => createLogger('guarantees', 'warn').warn({ err: error }, 'load'));
    await this.world.close();
    await this.endpoints.stop();
    await this.own?.stop();
  }

  private async balance(end: number): Promise<Settled> {
    const { produced } = this.beginning;
    const receipts = receiptsFrom(produced, await this.endpoints.receipts());
    return { books: booksOf(this.workload, { from: produced, to: end }, receipts), receipts };
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
